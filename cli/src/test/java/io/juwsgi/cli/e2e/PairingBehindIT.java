package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    private List<String> listings;

    @BeforeEach
    void applications() throws Exception {
        gateway = Files.createDirectory(directory.resolve("gateway"));
        behind = Files.createDirectory(directory.resolve("behind"));
        Apps.write(behind, Apps.PATHS);
        String page = Files.readString(RunningServer.ROOT.resolve("docs/pairing/behind.md"));
        Matcher matcher = Pattern.compile("```hocon\n(.*?)```", Pattern.DOTALL).matcher(page);
        listings = new ArrayList<>();
        while (matcher.find()) {
            listings.add(matcher.group(1));
        }
        assertThat(listings).hasSize(4);
    }

    private RunningServer serve(int listing, String printed, ForeignServer server) throws Exception {
        String text = listings.get(listing);
        assertThat(text).contains(printed);
        Files.writeString(
                gateway.resolve("juwsgi.conf"),
                text.replace("\":8000\"", "\"127.0.0.1:0\"")
                        .replace(printed, server.address())
                        .replace("/srv/www", behind.toString()));
        return RunningServer.start(gateway, "--conf", "juwsgi.conf");
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
        try (RunningServer server = serve(0, "127.0.0.1:3031", first)) {
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
                RunningServer server = serve(1, "127.0.0.1:8001", gunicorn)) {
            answers(server);
        }
    }

    @Test
    void phpFpm() throws Exception {
        Files.writeString(behind.resolve("index.php"), "<?php echo $_SERVER['REQUEST_URI'];");
        try (ForeignServer fpm = ForeignServer.phpFpm(behind, ForeignServer.freePort());
                RunningServer server = serve(2, "127.0.0.1:9000", fpm)) {
            assertThat(server.get("/some/page?x").body()).isEqualTo("/some/page?x");
        }
    }

    @Test
    void nginxOverHttp2() throws Exception {
        int port = ForeignServer.freePort();
        String page = Files.readString(RunningServer.ROOT.resolve("docs/pairing/behind.md"));
        Matcher matcher = Pattern.compile("```nginx\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(matcher.find()).isTrue();
        String http = matcher.group(1).replace("127.0.0.1:8002", "127.0.0.1:" + port);
        try (ForeignServer nginx = ForeignServer.nginx(behind, port, http);
                RunningServer server = serve(3, "127.0.0.1:8002", nginx)) {
            assertThat(server.get("/").body()).isEqualTo("hello");
        }
    }
}
