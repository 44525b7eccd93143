package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configurations that docs/pairing prints, run by the real nginx, Apache, HAProxy and Caddy. Only addresses are put in. */
class PairingIT {
    @TempDir
    Path directory;

    @BeforeEach
    void anApplication() throws Exception {
        Apps.write(directory, Apps.PATHS);
        openToEverybody(directory);
    }

    @Test
    void everyNginxConfigurationOfThePageWorks() throws Exception {
        List<String> listings = listings("nginx.md", "nginx");
        assertThat(listings).hasSize(4);
        try (RunningServer server = serve()) {
            for (String listing : listings) {
                int port = ForeignServer.freePort();
                Path own = proxyDirectory();
                try (ForeignServer nginx = ForeignServer.nginx(own, port, local(listing, server, port))) {
                    worksBehind(nginx, listing.contains("location /app") ? "/app" : "");
                    takesChunkedUploads(nginx, listing.contains("location /app") ? "/app" : "");
                }
            }
        }
    }

    @Test
    void everyApacheConfigurationOfThePageWorks() throws Exception {
        List<String> listings = listings("apache.md", "apache");
        assertThat(listings).hasSize(3);
        try (RunningServer server = serve()) {
            for (String listing : listings) {
                int port = ForeignServer.freePort();
                Path own = proxyDirectory();
                try (ForeignServer apache = ForeignServer.apache(own, port, local(listing, server, port))) {
                    worksBehind(apache, "");
                    if (listing.contains("http://")) {
                        takesChunkedUploads(apache, "");
                    }
                }
            }
        }
    }

    @Test
    void everyHaproxyConfigurationOfThePageWorks() throws Exception {
        List<String> listings = listings("haproxy.md", "haproxy");
        assertThat(listings).hasSize(2);
        for (String listing : listings) {
            boolean announced = listing.contains("send-proxy");
            try (RunningServer server = announced ? serve("--enable-proxy-protocol") : serve()) {
                int port = ForeignServer.freePort();
                String own = local(listing, server, port).replace("bind :80", "bind 127.0.0.1:" + port);
                try (ForeignServer haproxy = ForeignServer.haproxy(proxyDirectory(), port, own)) {
                    worksBehind(haproxy, "");
                    takesChunkedUploads(haproxy, "");
                }
            }
        }
    }

    @Test
    void everyCaddyConfigurationOfThePageWorks() throws Exception {
        List<String> listings = listings("caddy.md", "caddyfile");
        assertThat(listings).hasSize(3);
        try (RunningServer server = serve("--http-socket", httpSocket())) {
            for (String listing : listings) {
                int port = ForeignServer.freePort();
                String own = local(listing, server, port)
                        .replace(":80 {", "http://127.0.0.1:" + port + " {")
                        .replace("/run/juwsgi/http.sock", httpSocket())
                        .replace("127.0.0.1:8001", "127.0.0.1:" + server.port());
                try (ForeignServer caddy = ForeignServer.caddy(proxyDirectory(), port, own)) {
                    worksBehind(caddy, "");
                    takesChunkedUploads(caddy, "");
                }
            }
        }
    }

    private String httpSocket() {
        return directory.resolve("http.sock").toString();
    }

    private static void worksBehind(ForeignServer proxy, String mount) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(request(proxy, mount + "/").build(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("hello");
            assertThat(client.send(request(proxy, mount + "/environ?q=1").build(), BodyHandlers.ofString())
                            .body())
                    .contains("PATH_INFO=/environ\n", "QUERY_STRING=q=1\n", "REQUEST_METHOD=GET\n");
            byte[] body = new byte[5 << 20];
            Arrays.fill(body, (byte) 'b');
            var post = request(proxy, mount + "/echo")
                    .POST(BodyPublishers.ofByteArray(body))
                    .build();
            assertThat(client.send(post, BodyHandlers.ofByteArray()).body()).isEqualTo(body);
            HttpResponse<InputStream> download = client.send(
                    request(proxy, mount + "/download?" + (64 << 20)).build(), BodyHandlers.ofInputStream());
            assertThat(download.body().transferTo(OutputStream.nullOutputStream()))
                    .isEqualTo(64 << 20);
            var failing = client.send(request(proxy, mount + "/raise").build(), BodyHandlers.ofString());
            assertThat(failing.statusCode()).isEqualTo(500);
            assertThat(failing.body()).doesNotContain("a secret detail", "Traceback");
        }
    }

    private static void takesChunkedUploads(ForeignServer proxy, String mount) throws Exception {
        byte[] body = new byte[5 << 20];
        try (HttpClient client = HttpClient.newHttpClient()) {
            var chunked = request(proxy, mount + "/count")
                    .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                    .build();
            assertThat(client.send(chunked, BodyHandlers.ofString()).body()).isEqualTo("" + body.length);
        }
    }

    private static HttpRequest.Builder request(ForeignServer proxy, String path) {
        return HttpRequest.newBuilder(URI.create(proxy.base() + path));
    }

    private RunningServer serve(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of(
                "--socket",
                unixSocket(),
                "--chmod-socket=666",
                "--socket",
                "127.0.0.1:0",
                "--http-socket",
                "127.0.0.1:0",
                "--module",
                "app:app",
                "--processes",
                "2",
                "--threads",
                "2",
                "--python",
                Apps.PYTHON));
        RunningServer server = RunningServer.start(directory, arguments.toArray(String[]::new));
        server.baseUri();
        return server;
    }

    private String unixSocket() {
        return directory.resolve("app.sock").toString();
    }

    private String local(String listing, RunningServer server, int port) {
        String uwsgi = server.awaitLine("uwsgi bound on uwsgi://").replaceFirst(".*uwsgi://(\\S+).*", "$1");
        return listing.replace("include uwsgi_params", "include /etc/nginx/uwsgi_params")
                .replace("listen 80;", "listen 127.0.0.1:" + port + ";")
                .replace("*:80>", "127.0.0.1:" + port + ">")
                .replace("/run/juwsgi/app.sock", unixSocket())
                .replace("127.0.0.1:3031", uwsgi)
                .replace("127.0.0.1:8000", "127.0.0.1:" + server.port());
    }

    private Path proxyDirectory() throws Exception {
        Path proxy = Files.createTempDirectory(directory, "proxy");
        openToEverybody(proxy);
        return proxy;
    }

    /** The proxies' workers run as another user. */
    private static void openToEverybody(Path path) throws Exception {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /** Returns the listings in this language on a page of docs/pairing. */
    private static List<String> listings(String page, String language) throws Exception {
        String text =
                Files.readString(RunningServer.ROOT.resolve("docs/pairing").resolve(page));
        Matcher matcher =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(text);
        List<String> found = new ArrayList<>();
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
