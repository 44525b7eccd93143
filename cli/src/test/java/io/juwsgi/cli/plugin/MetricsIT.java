package io.juwsgi.cli.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --metrics} and {@code juwsgi ctl metrics} of a running server, read by Prometheus' own parsers. */
class MetricsIT {
    private static final String LAUNCHER = System.getProperty("juwsgi.launcher");

    /** Prints the samples of a text on standard input, as the client library of Prometheus for Python understands it. */
    private static final String PARSER = """
        import sys
        if sys.argv[1] == 'openmetrics':
            from prometheus_client.openmetrics.parser import text_string_to_metric_families
        else:
            from prometheus_client.parser import text_string_to_metric_families
        for family in text_string_to_metric_families(sys.stdin.read()):
            for s in family.samples:
                print(family.type, s.name, sorted(s.labels.items()), float(s.value))
        """;

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();

    private void plugin(String id, String metrics) throws Exception {
        JarMaker.plugin(id, "acme." + id + ".Counting", """
            extensions.service(new io.juwsgi.spi.extension.Extension<>(
                    "%s", Settings.class, (s, context) -> new Component()));
            }
            public record Settings() {}
            static final class Component
                    implements io.juwsgi.spi.extension.LifeCycle, io.juwsgi.spi.metric.MetricSource {
                public void metrics(io.juwsgi.spi.metric.MetricSink sink) {
                    %s
                }
            """.formatted(id, metrics))
                .write(directory.resolve("plugins.d/" + id + "/" + id + ".jar"));
    }

    @Test
    void theServerAndItsPluginsTellTheirNumbers() throws Exception {
        Files.writeString(directory.resolve("app.py"), """
            def app(environ, start_response):
                if environ['PATH_INFO'] == '/raise':
                    raise ValueError
                start_response('200 OK', [('Content-Length', '5')])
                return [b'hello']
            """);
        plugin("oven", "sink.counter(\"oven_loaves\", \"Loaves baked.\", 12, \"sort\", \"rye\");");
        plugin("rude", "throw new IllegalStateException(\"rude\");");
        plugin("babel", "sink.gauge(\"No-Such-Name\", \"Wrong.\", 1);");
        try (ServerProcess server = ServerProcess.start(
                LAUNCHER,
                directory,
                Map.of(),
                List.of(
                        "--http",
                        "127.0.0.1:0",
                        "--metrics",
                        "127.0.0.1:0",
                        "--ctl-socket",
                        directory.resolve("ctl.sock").toString(),
                        "--module",
                        "app:app",
                        "--python",
                        "/usr/bin/python3",
                        "--processes",
                        "2",
                        "--oven",
                        "--rude",
                        "--babel"))) {
            String site = address(server, "http bound on (http://[^ /]+)");
            String metrics = address(server, "metrics bound on (http://\\S+/metrics)");
            server.awaitLine(line -> line.matches(".*[sS]pawned uWSGI worker 2 .*"), 0);
            for (int i = 0; i < 5; i++) {
                assertThat(get(site + "/", "").statusCode()).isEqualTo(200);
            }
            assertThat(get(site + "/raise", "").statusCode()).isEqualTo(500);

            HttpResponse<String> text = get(metrics, "");
            assertThat(text.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
            String listener = "('listener', '" + site.substring("http://".length()) + "'), ('protocol', 'http')";
            String understood = parsed("prometheus", text.body());
            assertThat(understood)
                    .contains("counter juwsgi_requests_total [" + listener + ", ('status', '200')] 5.0")
                    .contains("counter juwsgi_requests_total [" + listener + ", ('status', '500')] 1.0")
                    .contains("counter juwsgi_connections_accepted_total [" + listener + "]")
                    .contains("histogram juwsgi_request_duration_seconds_bucket [('le', '+Inf'), " + listener + "] 6.0")
                    .contains("gauge juwsgi_workers [('state', 'ready')] 2.0")
                    .contains("gauge juwsgi_worker_cores [('worker', '1')] 1.0")
                    .contains("gauge juwsgi_queue_requests [] 0.0")
                    .contains(
                            "gauge process_resident_memory_bytes []", "gauge jvm_memory_used_bytes [('area', 'heap')]")
                    .contains("counter juwsgi_oven_loaves_total [('sort', 'rye')] 12.0")
                    .contains("counter juwsgi_metric_source_failures_total [('source', 'rude')] 1.0")
                    .contains("counter juwsgi_metric_source_failures_total [('source', 'babel')] 1.0");
            assertThat(sum(understood, "juwsgi_worker_requests_total")).isEqualTo(6);
            assertThat(sum(understood, "juwsgi_worker_exceptions_total")).isEqualTo(1);
            server.awaitLine(
                    line -> line.contains("metrics of rude: java.lang.IllegalStateException: rude (further failures"
                            + " are counted only)"),
                    0);
            server.awaitLine(line -> line.contains("metrics of babel: ") && line.contains("name: No-Such-Name"), 0);

            HttpResponse<String> open = get(metrics, "application/openmetrics-text; version=1.0.0");
            assertThat(parsed("openmetrics", open.body()))
                    .contains("counter juwsgi_oven_loaves_total [('sort', 'rye')] 12.0");
            assertThat(get(metrics.replace("/metrics", "/"), "").statusCode()).isEqualTo(404);
            assertThat(server.log().stream().filter(line -> line.contains("metrics of rude")))
                    .as("told once, however often somebody looks")
                    .hasSize(1);
            assertThat(server.log()).noneMatch(line -> line.contains("GET /metrics"));

            assertThat(ctl("metrics", "loaves")).contains("juwsgi_oven_loaves_total  {sort=rye}  12");
            assertThat(ctl("--json", "metrics", "oven"))
                    .contains("{\"name\":\"juwsgi_oven_loaves_total\",\"labels\":{\"sort\":\"rye\"},\"value\":12}");
        }
    }

    private static String address(ServerProcess server, String pattern) {
        Pattern bound = Pattern.compile(pattern);
        Matcher matcher =
                bound.matcher(server.awaitLine(line -> bound.matcher(line).find(), 0));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private HttpResponse<String> get(String url, String accept) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(60));
        if (!accept.isEmpty()) {
            request.header("Accept", accept);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static double sum(String understood, String name) {
        return understood
                .lines()
                .filter(line -> line.contains(" " + name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static String parsed(String format, String text) throws Exception {
        Process parser = new ProcessBuilder("/usr/bin/python3", "-c", PARSER, format)
                .redirectErrorStream(true)
                .start();
        try (var in = parser.getOutputStream()) {
            in.write(text.getBytes());
        }
        String out = new String(parser.getInputStream().readAllBytes());
        assertThat(parser.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(parser.exitValue()).as(out).isZero();
        return out;
    }

    private String ctl(String... words) throws Exception {
        List<String> arguments = new java.util.ArrayList<>(
                List.of("ctl", "--ctl-socket", directory.resolve("ctl.sock").toString()));
        arguments.addAll(List.of(words));
        try (ServerProcess command = ServerProcess.start(LAUNCHER, directory, Map.of(), arguments)) {
            assertThat(command.exitCode()).as(String.join("\n", command.log())).isZero();
            return String.join("\n", command.log());
        }
    }
}
