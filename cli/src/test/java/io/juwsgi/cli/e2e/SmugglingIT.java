package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends the whole corpus of raw requests through real proxies: whatever they make of it, the application sees exactly as
 * many requests as the client gets answers of it, and the next client gets its own.
 */
class SmugglingIT {
    /** Counts the requests that come through each proxy, and says which one this is. */
    private static final String COUNTING = """
            import threading

            seen, lock = {}, threading.Lock()

            def app(environ, start_response):
                via = environ.get('HTTP_X_VIA', '')
                environ['wsgi.input'].read()
                with lock:
                    seen[via] = number = seen.get(via, 0) + 1
                body = f"seen:{number}:{environ['PATH_INFO']}".encode('latin-1')
                start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', str(len(body))),
                                          ('X-Seen', str(number))])
                return [body]
            """;

    private static final Pattern SEEN = Pattern.compile("(?i)(?:\\r\\nx-seen: |seen:)(\\d+)");
    private static final byte[] LAST =
            "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    /** Starts a proxy in a folder, on a port, in front of the server. */
    private interface Starter {
        ForeignServer start(Path folder, int port, RunningServer server) throws Exception;
    }

    @Test
    void proxiesAndServerAgreeOnEveryRequest() throws Exception {
        Apps.write(directory, COUNTING);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<Starter> proxies =
                List.of(SmugglingIT::nginx, SmugglingIT::nginxOverUwsgi, SmugglingIT::apache, SmugglingIT::haproxy);
        try (RunningServer server = RunningServer.start(
                                directory,
                                "--http=127.0.0.1:0",
                                "--socket=127.0.0.1:0",
                                "--module=app:app",
                                "--threads=8",
                                "--http-timeout=5",
                                "--buffer-size=16384")
                        .ready(1);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < proxies.size(); i++) {
                Path folder = Files.createDirectory(directory.resolve("proxy" + i));
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
                Starter starter = proxies.get(i);
                Callable<Void> run = () -> {
                    int port = ForeignServer.freePort();
                    try (ForeignServer proxy = starter.start(folder, port, server)) {
                        new Walk(proxy.port()).wholeCorpus();
                    }
                    return null;
                };
                all.add(threads.submit(run));
            }
            for (Future<Void> one : all) {
                one.get();
            }
        }
    }

    private static ForeignServer nginx(Path folder, int port, RunningServer server) throws Exception {
        return ForeignServer.nginx(folder, port, """
                upstream app { server 127.0.0.1:%d; keepalive 4; }
                client_header_timeout 1s; client_body_timeout 1s; keepalive_timeout 1s;
                server {
                    listen 127.0.0.1:%d;
                    underscores_in_headers on;
                    location / {
                        proxy_pass http://app;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_set_header X-Via nginx;
                        proxy_request_buffering off;
                    }
                }
                """.formatted(server.port(), port));
    }

    private static ForeignServer nginxOverUwsgi(Path folder, int port, RunningServer server) throws Exception {
        String line = server.awaitLine(one -> one.contains("juwsgi uwsgi bound on "));
        String address = line.replaceAll(".*uwsgi://(\\S+:\\d+) .*", "$1");
        return ForeignServer.nginx(folder, port, """
                client_header_timeout 1s; client_body_timeout 1s; keepalive_timeout 1s;
                server {
                    listen 127.0.0.1:%d;
                    underscores_in_headers on;
                    location / {
                        include /etc/nginx/uwsgi_params;
                        uwsgi_param HTTP_X_VIA uwsgi;
                        uwsgi_pass %s;
                    }
                }
                """.formatted(port, address));
    }

    private static ForeignServer apache(Path folder, int port, RunningServer server) throws Exception {
        return ForeignServer.apache(folder, port, """
                LoadModule reqtimeout_module /usr/lib/apache2/modules/mod_reqtimeout.so
                RequestReadTimeout header=1 body=1
                Timeout 1
                KeepAliveTimeout 1
                RequestHeader set X-Via apache
                ProxyPass / http://127.0.0.1:%d/ enablereuse=on retry=0 timeout=60
                """.formatted(server.port()));
    }

    private static ForeignServer haproxy(Path folder, int port, RunningServer server) throws Exception {
        return ForeignServer.haproxy(folder, port, """
                listen all
                    mode http
                    timeout http-request 1s
                    timeout http-keep-alive 1s
                    timeout client 1s
                    http-reuse always
                    bind 127.0.0.1:%d
                    http-request set-header X-Via haproxy
                    server one 127.0.0.1:%d
                """.formatted(port, server.port()));
    }

    /** One walk through the corpus behind one proxy. */
    private static final class Walk {
        private final int port;
        private int seen;

        Walk(int port) {
            this.port = port;
        }

        void wholeCorpus() throws Exception {
            Path corpus = RunningServer.ROOT.resolve("router/src/test/resources/http1");
            List<Path> cases;
            try (Stream<Path> files = Files.list(corpus)) {
                cases = files.filter(file -> file.toString().endsWith(".bytes"))
                        .sorted()
                        .toList();
            }
            assertThat(cases).hasSizeGreaterThan(200);
            for (Path one : cases) {
                String name = one.getFileName().toString();
                int answers = answers(talk(Files.readAllBytes(one)));
                int before = seen;
                innocent("/innocent-" + name);
                assertThat(seen - before - 1)
                        .as("requests that the application saw of " + name)
                        .isEqualTo(answers);
            }
        }

        private static int answers(String text) {
            // In the head and in the body: HEAD has no body, and HTTP/0.9 no head.
            return (int) SEEN.matcher(text)
                    .results()
                    .map(found -> found.group(1))
                    .distinct()
                    .count();
        }

        /** Sends raw bytes, then a last request, and reads until the proxy closes. */
        private String talk(byte[] bytes) throws IOException {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(60_000);
                Thread writer = Thread.ofVirtual().start(() -> {
                    try {
                        socket.getOutputStream().write(bytes);
                        socket.getOutputStream().write(LAST);
                    } catch (IOException e) {
                        // It has heard enough.
                    }
                });
                String answer = readAll(socket.getInputStream());
                writer.interrupt();
                return answer;
            }
        }

        private static String readAll(InputStream in) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] block = new byte[16 * 1024];
            try {
                for (int n = in.read(block); n >= 0; n = in.read(block)) {
                    all.write(block, 0, n);
                }
            } catch (java.net.SocketException e) {
                // A reset is an end as well.
            }
            return all.toString(StandardCharsets.ISO_8859_1);
        }

        /** Another client: gets the answer to its own request, whatever the one before has left behind. */
        private void innocent(String path) throws IOException {
            String request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            String answer = "";
            // A proxy may take a connection from its pool that is just being closed: nobody has seen that request.
            for (int i = 0; i < 5 && !answer.startsWith("HTTP/1.1 200 "); i++) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    socket.setSoTimeout(60_000);
                    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                    answer = readAll(socket.getInputStream());
                }
            }
            assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith(path);
            Matcher number = SEEN.matcher(answer);
            assertThat(number.find()).isTrue();
            seen = Integer.parseInt(number.group(1));
        }
    }
}
