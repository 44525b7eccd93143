package io.juwsgi.router;

import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Clients that tell a whole answer from one that was cut off. */
enum FaultClient {
    HTTP1 {
        @Override
        Seen ask(RouterFixture gateway, String method, String body, Runnable headSeen) throws IOException {
            try (Wire wire = gateway.connect()) {
                wire.send(method + " / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n"
                        + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n")
                        + "\r\n"
                        + body);
                String head = wire.head();
                headSeen.run();
                return read(head, wire.rest());
            }
        }

        private Seen read(String head, String rest) {
            int status = Integer.parseInt(head.substring(9, 12));
            boolean reset = rest.endsWith("<reset>");
            String text = reset ? rest.substring(0, rest.length() - 7) : rest;
            if (head.toLowerCase(Locale.ROOT).contains("\r\ntransfer-encoding: chunked\r\n")) {
                return new Seen(status, text, text.endsWith("0\r\n\r\n"));
            }
            Matcher length =
                    Pattern.compile("(?i)\r\ncontent-length: ([0-9]+)\r\n").matcher(head);
            return new Seen(status, text, length.find() ? text.length() == Integer.parseInt(length.group(1)) : !reset);
        }
    },

    HTTP2 {
        @Override
        Seen ask(RouterFixture gateway, String method, String body, Runnable headSeen) throws IOException {
            try (Http2Wire wire = Http2Wire.connect(gateway.port())) {
                byte[] head = Http2Wire.request(method, "/");
                int end = body.isEmpty() ? Http2Wire.END_STREAM : 0;
                wire.send(Http2Wire.HEADERS, Http2Wire.END_HEADERS | end, 1, head);
                if (!body.isEmpty()) {
                    wire.send(
                            Http2Wire.DATA,
                            Http2Wire.END_STREAM,
                            1,
                            body.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
                }
                Http2Wire.Frame first = wire.awaitHead();
                String status = wire.decode(first).status().toString();
                headSeen.run();
                if (first.has(Http2Wire.END_STREAM)) {
                    return new Seen(Integer.parseInt(status), "", true);
                }
                Http2Wire.Answer answer = wire.answer(1, status);
                return new Seen(
                        Integer.parseInt(status),
                        answer.body(),
                        !answer.status().startsWith("reset"));
            }
        }
    };

    /**
     * What a client has got.
     *
     * @param body as it came, with the marks of chunks
     * @param complete whether the client takes it for the whole answer
     */
    record Seen(int status, String body, boolean complete) {}

    /** Sends one request by a connection of its own; {@code headSeen} runs between the answer's head and its body. */
    abstract Seen ask(RouterFixture gateway, String method, String body, Runnable headSeen) throws IOException;

    Seen get(RouterFixture gateway) throws IOException {
        return ask(gateway, "GET", "", () -> {});
    }

    Seen post(RouterFixture gateway) throws IOException {
        return ask(gateway, "POST", "ab", () -> {});
    }
}
