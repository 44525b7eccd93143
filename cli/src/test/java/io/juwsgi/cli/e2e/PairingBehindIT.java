package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The configurations of docs/pairing/behind.md, with real servers. Only addresses are put in. */
@Timeout(180)
class PairingBehindIT {
    @TempDir
    Path directory;

    private Path gateway;
    private Path behind;
    private String page;

    @BeforeEach
    void applications() throws Exception {
        gateway = Files.createDirectory(directory.resolve("gateway"));
        behind = Files.createDirectory(directory.resolve("behind"));
        // Apache's processes are somebody else.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Apps.write(behind, Apps.PATHS);
        page = Files.readString(RunningServer.ROOT.resolve("docs/pairing/behind.md"));
    }

    /** Returns what a section of the page prints in a language. */
    private String listing(String section, String language) {
        Matcher matcher = Pattern.compile(
                        "\n## " + section + "\n(?:(?!\n## ).)*?```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(page);
        assertThat(matcher.find()).as(section + " " + language).isTrue();
        return matcher.group(1);
    }

    private static String replace(String text, Map<String, String> printed) {
        String local = text;
        for (var one : printed.entrySet()) {
            assertThat(local).contains(one.getKey());
            local = local.replace(one.getKey(), one.getValue());
        }
        return local;
    }

    private RunningServer serve(String section, Map<String, String> printed) throws Exception {
        Files.writeString(
                gateway.resolve("juwsgi.conf"),
                replace(listing(section, "hocon"), printed)
                        .replace("\":8000\"", "\"127.0.0.1:0\"")
                        .replace("/srv/www", behind.toString()));
        return RunningServer.start(gateway, "--conf", "juwsgi.conf");
    }

    private RunningServer serve(String section, String printed, ForeignServer server) throws Exception {
        return serve(section, Map.of(printed, server.address()));
    }

    private static void answers(RunningServer server) throws Exception {
        assertThat(server.get("/").body()).isEqualTo("hello");
        byte[] body = new byte[1 << 20];
        var post = HttpRequest.newBuilder(server.uri("/count")).POST(BodyPublishers.ofByteArray(body));
        assertThat(server.send(post).body()).isEqualTo("" + body.length);
    }

    @Test
    void uwsgi() throws Exception {
        int port = ForeignServer.freePort();
        ForeignServer first = ForeignServer.uwsgiApp(behind, port);
        try (RunningServer server = serve("uWSGI", "127.0.0.1:3031", first)) {
            answers(server);
            first.close();
            try (ForeignServer _ = ForeignServer.uwsgiApp(behind, port)) {
                answers(server);
            }
        } finally {
            first.close();
        }
    }

    @Test
    void gunicorn() throws Exception {
        try (ForeignServer gunicorn = ForeignServer.gunicorn(behind, ForeignServer.freePort());
                RunningServer server = serve("Gunicorn", "127.0.0.1:8001", gunicorn)) {
            answers(server);
        }
    }

    @Test
    void phpFpm() throws Exception {
        Files.writeString(behind.resolve("index.php"), "<?php echo $_SERVER['REQUEST_URI'];");
        try (ForeignServer fpm = ForeignServer.phpFpm(behind, ForeignServer.freePort());
                RunningServer server = serve("PHP-FPM", "127.0.0.1:9000", fpm)) {
            assertThat(server.get("/some/page?x").body()).isEqualTo("/some/page?x");
        }
    }

    @Test
    void nginxOverHttp2() throws Exception {
        int port = ForeignServer.freePort();
        String http = replace(listing("nginx over HTTP/2", "nginx"), Map.of("127.0.0.1:8002", "127.0.0.1:" + port));
        try (ForeignServer nginx = ForeignServer.nginx(behind, port, http);
                RunningServer server = serve("nginx over HTTP/2", "127.0.0.1:8002", nginx)) {
            assertThat(server.get("/").body()).isEqualTo("hello");
        }
    }

    @Test
    void haproxyByBothVersions() throws Exception {
        int port = ForeignServer.freePort();
        int h2 = ForeignServer.freePort();
        Map<String, String> ports = Map.of("127.0.0.1:8003", "127.0.0.1:" + port, "127.0.0.1:8004", "127.0.0.1:" + h2);
        try (ForeignServer app = ForeignServer.gunicorn(behind, ForeignServer.freePort());
                ForeignServer _ = ForeignServer.haproxy(
                        gateway,
                        port,
                        replace(
                                replace(listing("HAProxy", "haproxy"), ports),
                                Map.of("127.0.0.1:8001", app.address())));
                RunningServer server = serve("HAProxy", ports)) {
            answers(server);
            assertThat(server.get("/pid").body()).matches("[0-9]+");
        }
    }

    private String file(String name) throws Exception {
        String text = name.repeat(100_000);
        Files.writeString(behind.resolve(name), text);
        return text;
    }

    @Test
    void apacheByBothVersions() throws Exception {
        int port = ForeignServer.freePort();
        String large = file("large");
        String plain = file("plain");
        try (ForeignServer apache = ForeignServer.apache(
                        behind, port, listing("Apache", "apache").replace("/srv/www", behind.toString()));
                RunningServer server = serve("Apache", "127.0.0.1:8005", apache)) {
            for (int i = 0; i < 3; i++) {
                assertThat(server.get("/large").body()).isEqualTo(large);
                assertThat(server.get("/plain").body()).isEqualTo(plain);
            }
            assertThat(server.get("/none").statusCode()).isEqualTo(404);
            assertThat(server.log()).doesNotContain("why=");
        }
    }

    @Test
    void caddy() throws Exception {
        int port = ForeignServer.freePort();
        String large = file("large");
        String site = replace(listing("Caddy", "caddyfile"), Map.of("127.0.0.1:8006", "127.0.0.1:" + port));
        try (ForeignServer caddy = ForeignServer.caddy(behind, port, site.replace("/srv/www", behind.toString()));
                RunningServer server = serve("Caddy", "127.0.0.1:8006", caddy)) {
            assertThat(server.get("/large").body()).isEqualTo(large);
            assertThat(server.get("/none").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void waitress() throws Exception {
        try (ForeignServer waitress = ForeignServer.waitress(behind, ForeignServer.freePort());
                RunningServer server = serve("Waitress", "127.0.0.1:8007", waitress)) {
            answers(server);
        }
    }
}
