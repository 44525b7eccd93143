package io.juwsgi.cli.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that takes its time for each request, and counts how many it has under way. */
final class SlowOrigin implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    /** Requests for /hold wait for it. */
    private volatile CountDownLatch hold = new CountDownLatch(1);

    private final long millis;

    SlowOrigin(long millis) throws IOException {
        this.millis = millis;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    int underWay() {
        return underWay.get();
    }

    /** Returns the most that were under way since the last question. */
    int most() {
        return most.getAndSet(underWay.get());
    }

    /** Answers those who asked for /hold. */
    void release() {
        CountDownLatch held = hold;
        hold = new CountDownLatch(1);
        held.countDown();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            CountDownLatch held = hold;
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            try {
                if (exchange.getRequestURI().getPath().equals("/hold")) {
                    held.await();
                } else {
                    // Its work.
                    var _ = end.await(millis, TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                underWay.decrementAndGet();
            }
            byte[] body = "done".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        end.countDown();
        release();
        server.stop(0);
    }
}
