package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real HAProxy and nginx in front: whose word counts. */
class BehindProxyIT {
    @TempDir
    Path directory;

    private Path own;

    @BeforeEach
    void anApplication() throws Exception {
        Apps.write(directory, Apps.PATHS);
        own = Files.createDirectory(directory.resolve("proxy"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private RunningServer serve(String... more) throws Exception {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "--http=127.0.0.1:0";
        arguments[1] = "--module=app:app";
        System.arraycopy(more, 0, arguments, 2, more.length);
        return RunningServer.start(directory, arguments).ready(1);
    }

    /** Asks through a proxy, as a client that claims to be somebody else. */
    private static String ask(ForeignServer proxy) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(proxy.base() + "/environ"))
                    .header("X-Forwarded-For", "203.0.113.9")
                    .header("X-Forwarded-Proto", "https")
                    .header("Forwarded", "for=203.0.113.9")
                    .build();
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }

    @Test
    void haproxySpeaksThePROXYProtocol() throws Exception {
        try (RunningServer server = serve("--enable-proxy-protocol", "--forwarded-fields=none")) {
            for (String version : new String[] {"send-proxy", "send-proxy-v2"}) {
                int port = ForeignServer.freePort();
                String listing = """
                        listen all
                            mode tcp
                            bind 127.0.0.1:%d
                            source 127.0.0.1
                            server one 127.0.0.1:%d %s
                        """.formatted(port, server.port(), version);
                try (ForeignServer haproxy = ForeignServer.haproxy(own, port, listing)) {
                    assertThat(ask(haproxy))
                            .contains("REMOTE_ADDR=127.0.0.1\n", "SERVER_PORT=" + port + "\n", "wsgi.url_scheme=http\n")
                            .doesNotContain("203.0.113.9");
                }
            }
        }
    }

    @Test
    void haproxyAddsTheClientAndTheRestIsNotBelieved() throws Exception {
        try (RunningServer server = serve()) {
            int port = ForeignServer.freePort();
            String listing = """
                    listen all
                        mode http
                        bind 127.0.0.1:%d
                        http-request del-header X-Forwarded-For
                        http-request set-header X-Forwarded-For 198.51.100.7
                        http-request set-header X-Forwarded-Proto https
                        http-request set-header X-Forwarded-Port 443
                        server one 127.0.0.1:%d
                    """.formatted(port, server.port());
            try (ForeignServer haproxy = ForeignServer.haproxy(own, port, listing)) {
                assertThat(ask(haproxy))
                        .contains(
                                "REMOTE_ADDR=198.51.100.7\n",
                                "wsgi.url_scheme=https\n",
                                "SERVER_PORT=443\n",
                                "HTTPS=on\n")
                        .doesNotContain("203.0.113.9");
                server.awaitLine(line -> line.contains("198.51.100.7") && line.contains("/environ"));
            }
        }
    }

    @Test
    void nginxIsNotBelievedWhenItIsNotAmongTheTrusted() throws Exception {
        try (RunningServer server = serve("--trusted-proxies=10.0.0.0/8")) {
            int port = ForeignServer.freePort();
            String listing = """
                    server {
                        listen 127.0.0.1:%d;
                        location / {
                            proxy_pass %s;
                            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                            proxy_set_header X-Real-IP 203.0.113.9;
                        }
                    }
                    """.formatted(port, server.baseUri());
            try (ForeignServer nginx = ForeignServer.nginx(own, port, listing)) {
                assertThat(ask(nginx))
                        .contains("REMOTE_ADDR=127.0.0.1\n", "wsgi.url_scheme=http\n")
                        .doesNotContain("203.0.113.9", "FORWARDED");
            }
        }
    }
}
