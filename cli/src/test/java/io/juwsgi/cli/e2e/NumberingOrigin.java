package io.juwsgi.cli.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.juwsgi.cli.e2e.CacheCases.Case;
import io.juwsgi.cli.e2e.CacheCases.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** An application that answers {@code /CASE/SERVER} as a case says, with the number of the call as its body. */
final class NumberingOrigin implements AutoCloseable {
    private final HttpServer server;
    private final List<Case> cases;
    private final Map<String, Integer> calls = new ConcurrentHashMap<>();

    NumberingOrigin(List<Case> cases) throws IOException {
        this.cases = cases;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Returns how often a path was asked for. */
    int calls(String path) {
        return calls.getOrDefault(path, 0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/")) {
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            int call = calls.merge(path, 1, Integer::sum);
            List<Reply> replies =
                    cases.get(Integer.parseInt(path.split("/", -1)[1])).replies();
            Reply reply = replies.get(Math.min(call, replies.size()) - 1);
            for (int i = 0; i < reply.fields().size(); i += 2) {
                exchange.getResponseHeaders()
                        .add(reply.fields().get(i), reply.fields().get(i + 1));
            }
            byte[] body = Integer.toString(call).getBytes(StandardCharsets.US_ASCII);
            boolean bodiless =
                    reply.status() == 304 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(reply.status(), bodiless ? -1 : body.length);
            if (!bodiless) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
