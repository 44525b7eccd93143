package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real browser: a page over HTTPS with HTTP/2, whose script fetches and talks over a WebSocket on the same connection. */
class BrowserIT {
    /** Runs in the browser, and sends what it has seen to the server. */
    private static final String PAGE = """
            <!doctype html><title>juwsgi</title>
            <script>
            async function run() {
              const seen = [];
              const answer = await fetch('/api?x=1');
              seen.push('fetch ' + (await answer.text()));
              const socket = new WebSocket('wss://' + location.host + '/echo', ['other', 'chat']);
              socket.binaryType = 'arraybuffer';
              const messages = [];
              let wake = () => {};
              socket.onmessage = event => { messages.push(event.data); wake(); };
              socket.onerror = () => { seen.push('error'); };
              const closed = new Promise(done => { socket.onclose = event => { done(event); wake(); }; });
              const next = async () => {
                while (!messages.length && socket.readyState < 2) await new Promise(done => { wake = done; });
                return messages.shift();
              };
              await new Promise(done => { socket.onopen = done; closed.then(done); });
              seen.push('protocol ' + socket.protocol);
              seen.push('extensions ' + socket.extensions);
              socket.send('gr\\u00fc\\u00df dich');
              seen.push('text ' + await next());
              const long = 'the same words '.repeat(5000);
              socket.send(long);
              seen.push('long ' + (await next() === long.toUpperCase()));
              socket.send(new Uint8Array([0, 1, 2]));
              seen.push('binary ' + new Uint8Array(await next()).join());
              socket.send('how');
              seen.push('asked by ' + await next());
              socket.close(4001, 'enough');
              const end = await closed;
              seen.push('closed ' + end.code + ' ' + end.wasClean);
              return seen;
            }
            run().catch(error => ['failed ' + error]).then(seen =>
              fetch('/report', { method: 'POST', body: seen.join('\\n') }));
            </script>
            """;

    private static final String APP = """
            import uwsgi

            def app(environ, start_response):
                path = environ['PATH_INFO']
                if path == '/echo':
                    uwsgi.websocket_handshake(environ['HTTP_SEC_WEBSOCKET_KEY'], environ.get('HTTP_ORIGIN', ''), 'chat')
                    while True:
                        message = uwsgi.websocket_recv()
                        if message == b'how':
                            uwsgi.websocket_send(environ['SERVER_PROTOCOL'])
                        elif message[:1] == b'\\x00':
                            uwsgi.websocket_send_binary(message[::-1])
                        else:
                            uwsgi.websocket_send(message.decode().upper())
                body = b''
                if path == '/report':
                    for line in environ['wsgi.input'].read().decode().splitlines():
                        print('browser:', line, flush=True)
                    print('browser has reported', flush=True)
                elif path == '/api':
                    body = (environ['SERVER_PROTOCOL'] + ' ' + environ['wsgi.url_scheme']).encode()
                start_response('200 OK', [('Content-Type', 'text/plain')])
                return [body]
            """;

    @TempDir
    Path directory;

    private Process browse(String uri) throws Exception {
        ProcessBuilder chromium = new ProcessBuilder(List.of(
                        "chromium",
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--no-first-run",
                        "--ignore-certificate-errors",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + directory.resolve("profile"),
                        uri))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("chromium.log").toFile());
        chromium.environment().put("TMPDIR", directory.toString());
        return chromium.start();
    }

    private static void end(Process browser) throws InterruptedException {
        browser.descendants().forEach(ProcessHandle::destroyForcibly);
        browser.destroyForcibly();
        browser.waitFor(60, TimeUnit.SECONDS);
    }

    @Test
    void aPageFetchesAndTalksOverOneHttp2Connection() throws Exception {
        Apps.write(directory, APP);
        Files.createDirectory(directory.resolve("pages"));
        Files.writeString(directory.resolve("pages/index.html"), PAGE);
        try (RunningServer server = RunningServer.start(
                directory,
                "--http",
                "127.0.0.1:0",
                "--https",
                "127.0.0.1:0",
                "--static-map",
                "/page=" + directory.resolve("pages"),
                "--static-index",
                "index.html",
                "--wsgi-file",
                "app.py",
                "--callable",
                "app",
                "--threads",
                "4",
                "--python",
                Apps.PYTHON)) {
            server.ready(1);
            URI uri = URI.create(server.boundUri("https") + "/page/");
            Process browser = browse(uri.toString());
            try {
                // Each has its own patience: a browser takes its time to start.
                server.awaitLine("GET /page/");
                server.awaitLine("browser has reported");
            } catch (AssertionError e) {
                throw new AssertionError(Files.readString(directory.resolve("chromium.log")), e);
            } finally {
                end(browser);
            }
            assertThat(server.log())
                    .contains("browser: fetch HTTP/2.0 https")
                    .contains("browser: protocol chat")
                    .contains("browser: extensions permessage-deflate")
                    .contains("browser: text GR\u00dcSS DICH")
                    .contains("browser: long true")
                    .contains("browser: binary 2,1,0")
                    // Chromium does so when the server announces RFC 8441.
                    .contains("browser: asked by HTTP/2.0")
                    .contains("browser: closed 4001 true")
                    .contains("GET /page/", "(HTTP/2.0 101)");
        }
    }
}
