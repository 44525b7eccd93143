package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cli.e2e.Certificates.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * WebSockets of a Python application with clients and proxies that are not ours: Python's websockets, which compresses, and
 * HAProxy, which speaks RFC 8441 as a client and as a server.
 */
class WebSocketPeersIT {
    private static final String APP = """
            import uwsgi

            def app(environ, start_response):
                uwsgi.websocket_handshake()
                while True:
                    message = uwsgi.websocket_recv()
                    if message == b'how':
                        uwsgi.websocket_send(environ['SERVER_PROTOCOL'])
                    else:
                        uwsgi.websocket_send(message.decode().upper())
            """;

    private static final String CLIENT = """
            import asyncio, sys
            import websockets

            async def talk(uri):
                async with websockets.connect(uri, max_size=None, open_timeout=60, close_timeout=60) as ws:
                    print('extensions', [one.name for one in ws.extensions])
                    for size in (1, 100, 20000):
                        await ws.send('words ' * size)
                        print(size, await ws.recv() == 'WORDS ' * size)
                    await ws.send(['in ', 'parts ' * 1000])
                    print('parts', await ws.recv() == 'IN ' + 'PARTS ' * 1000)
                    await (await ws.ping(b'there'))
                    await ws.send('how')
                    print('by', await ws.recv())
                print('closed', ws.close_code)

            asyncio.run(talk(sys.argv[1]))
            """;

    @TempDir
    Path directory;

    private String talk(String address) throws Exception {
        Ran ran = Certificates.run(
                directory, "", List.of("timeout", "120", Apps.PYTHON, "client.py", "ws://" + address + "/"));
        assertThat(ran.exitCode()).as(ran.output()).isZero();
        return ran.output();
    }

    private static String said(String protocol) {
        return "extensions ['permessage-deflate']\n1 True\n100 True\n20000 True\nparts True\nby " + protocol
                + "\nclosed 1000\n";
    }

    @Test
    void compressedMessagesGoBothWaysOverHttp1AndHttp2() throws Exception {
        Apps.write(directory, APP);
        Files.writeString(directory.resolve("client.py"), CLIENT);
        int forward = ForeignServer.freePort();
        int reverse = ForeignServer.freePort();
        try (RunningServer server = RunningServer.start(
                        directory,
                        "--http",
                        "127.0.0.1:0",
                        "--wsgi-file",
                        "app.py",
                        "--callable",
                        "app",
                        "--threads",
                        "4",
                        "--python",
                        Apps.PYTHON)
                .ready(1)) {
            assertThat(talk("127.0.0.1:" + server.port())).isEqualTo(said("HTTP/1.1"));
            String sections = """
                    listen by-http2
                        mode http
                        bind 127.0.0.1:%1$d
                        server app 127.0.0.1:%3$d proto h2 ws h2
                    listen of-http2
                        mode http
                        bind 127.0.0.1:%2$d proto h2
                        server app 127.0.0.1:%3$d ws h1
                    """.formatted(forward, reverse, server.port());
            try (ForeignServer haproxy = ForeignServer.haproxy(directory, forward, sections);
                    RunningServer gateway = RunningServer.start(
                                    directory,
                                    "--http",
                                    "127.0.0.1:0",
                                    "--http-to",
                                    "h2c://127.0.0.1:" + reverse,
                                    "--http-websockets")
                            .ready(0)) {
                // HAProxy sends what it got over HTTP/1.1 by an extended CONNECT.
                assertThat(talk("127.0.0.1:" + forward)).isEqualTo(said("HTTP/2.0"));
                // We send it to HAProxy by one.
                assertThat(talk("127.0.0.1:" + gateway.port())).isEqualTo(said("HTTP/1.1"));
            }
        }
    }
}
