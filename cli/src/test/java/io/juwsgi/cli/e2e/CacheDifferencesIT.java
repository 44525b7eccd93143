package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cli.e2e.CacheCases.Ask;
import io.juwsgi.cli.e2e.CacheCases.Case;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One set of exchanges against nginx, Varnish and juwsgi, before the same application. juwsgi is held to what the RFCs say; where
 * the others differ is printed, with the section that decides. {@code -Dcache.differences=FILE} writes it into a file.
 */
class CacheDifferencesIT {
    private static final List<Case> CASES = CacheCases.all();

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private Path home(String name) throws Exception {
        return Files.createDirectory(directory.resolve(name));
    }

    private ForeignServer nginx(int origin) throws Exception {
        int port = ForeignServer.freePort();
        Path home = home("nginx");
        return ForeignServer.nginx(home, port, """
                proxy_cache_path %1$s/cache keys_zone=c:8m;
                server {
                  listen 127.0.0.1:%2$d;
                  location / {
                    proxy_pass http://127.0.0.1:%3$d;
                    proxy_http_version 1.1;
                    proxy_cache c;
                    proxy_cache_revalidate on;
                  }
                }
                """.formatted(home, port, origin));
    }

    @Test
    void juwsgiDoesWhatTheSectionsSay() throws Exception {
        // Workers of an nginx that root has started are somebody else.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Map<String, List<String>> columns = new LinkedHashMap<>();
        try (NumberingOrigin origin = new NumberingOrigin(CASES);
                ForeignServer nginx = nginx(origin.port());
                ForeignServer varnish = ForeignServer.varnish(
                        home("varnish"),
                        ForeignServer.freePort(),
                        "vcl 4.1; backend default { .host = \"127.0.0.1\"; .port = \"" + origin.port() + "\"; }");
                RunningServer juwsgi = RunningServer.start(
                        home("juwsgi"),
                        "--http",
                        "127.0.0.1:0",
                        "--http-cache",
                        "--http-to",
                        "http://127.0.0.1:" + origin.port())) {
            columns.put("nginx", outcomes(nginx.base(), "nginx", origin));
            columns.put("Varnish", outcomes(varnish.base(), "varnish", origin));
            columns.put("juwsgi", outcomes(juwsgi.baseUri(), "juwsgi", origin));
        }
        String table = table(columns);
        System.out.println(table);
        String file = System.getProperty("cache.differences", "");
        if (!file.isEmpty()) {
            Files.writeString(Path.of(file), table);
        }
        SoftAssertions softly = new SoftAssertions();
        for (int i = 0; i < CASES.size(); i++) {
            Case one = CASES.get(i);
            String got = columns.get("juwsgi").get(i);
            if (!got.equals(one.allowed()) || !one.shown().equals("Age")) {
                softly.assertThat(got)
                        .as(one.name() + " (RFC " + one.section() + ")")
                        .isEqualTo(one.right());
            }
        }
        softly.assertAll();
        assertThat(columns.get("nginx")).hasSameSizeAs(CASES);
    }

    private List<String> outcomes(String base, String server, NumberingOrigin origin) throws Exception {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < CASES.size(); i++) {
            all.add(outcome(base, "/" + i + "/" + server, CASES.get(i), origin));
        }
        return all;
    }

    private String outcome(String base, String path, Case one, NumberingOrigin origin) throws Exception {
        List<String> words = new ArrayList<>();
        HttpResponse<String> last = null;
        for (Ask ask : one.asks()) {
            last = send(base + path, ask);
            words.add(word(ask, last));
        }
        if (last != null && !one.shown().isEmpty()) {
            last.headers().firstValue(one.shown()).ifPresent(value -> words.add(one.shown() + "=" + value));
        }
        if (one.right().contains("asked")) {
            words.add("asked " + origin.calls(path));
        }
        return String.join(" ", words);
    }

    private static String word(Ask ask, HttpResponse<String> answer) {
        if (ask.method().equals("HEAD")) {
            return answer.statusCode() == 200 ? "HEAD" : "HEAD " + answer.statusCode();
        }
        return answer.statusCode() == 200 ? answer.body() : Integer.toString(answer.statusCode());
    }

    private HttpResponse<String> send(String url, Ask ask) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(60))
                .method(
                        ask.method(),
                        ask.body().isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(ask.body()));
        for (int i = 0; i < ask.fields().size(); i += 2) {
            request.header(ask.fields().get(i), ask.fields().get(i + 1));
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String table(Map<String, List<String>> columns) {
        StringBuilder text =
                new StringBuilder("| exchange | RFC | right | " + String.join(" | ", columns.keySet()) + " |\n");
        text.append("|---".repeat(columns.size() + 3)).append("|\n");
        for (int i = 0; i < CASES.size(); i++) {
            Case one = CASES.get(i);
            String right = one.allowed().isEmpty() ? one.right() : one.right() + " or " + one.allowed();
            text.append("| " + one.name() + " | " + one.section() + " | " + right);
            for (List<String> column : columns.values()) {
                String got = column.get(i);
                boolean fine = got.equals(one.right()) || got.equals(one.allowed());
                text.append(" | ").append(fine ? got : "**" + got + "**");
            }
            text.append(" |\n");
        }
        return text.toString();
    }
}
