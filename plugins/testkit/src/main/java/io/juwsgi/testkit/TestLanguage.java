package io.juwsgi.testkit;

import io.juwsgi.config.Settings;
import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.worker.HandlerLanguage;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/** The application of a language without workers, started. Used on the test's thread. */
public final class TestLanguage implements AutoCloseable {
    private final BlockingHandler handler;
    private final TestLoop loop = new TestLoop();

    private TestLanguage(BlockingHandler handler) {
        this.handler = handler;
    }

    /** Makes and starts the application that the settings name; empty when they name none. */
    public static Optional<TestLanguage> of(HandlerLanguage language, Settings settings) throws Exception {
        Optional<BlockingHandler> handler =
                language.handler(settings, new TestContext(language.name(), settings, new HashMap<>(), List.of()));
        if (handler.isEmpty()) {
            return Optional.empty();
        }
        handler.get().start();
        return Optional.of(new TestLanguage(handler.get()));
    }

    /** Sends a request and waits for its end. */
    public TestExchange send(TestRequest request) {
        TestExchange exchange = TestExchange.of(request, loop);
        exchange.eventLoop().execute(() -> BlockingRun.start(handler, "", exchange));
        exchange.awaitEnd();
        loop.settle();
        return exchange;
    }

    @Override
    public void close() {
        try {
            handler.close();
        } catch (Exception e) {
            throw new AssertionError("the application cannot be closed", e);
        } finally {
            loop.close();
        }
    }
}
