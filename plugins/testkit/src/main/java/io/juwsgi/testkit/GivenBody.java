package io.juwsgi.testkit;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.http.Trailers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A request's body that a test gives, at once or piece by piece. Owned by the exchange's event loop; counts may be read by
 * any thread.
 */
final class GivenBody implements RequestBody {
    private final Rules rules;
    private final long length;
    private final List<Runnable> early = new ArrayList<>();
    private @Nullable Receiver receiver;
    private Fields trailers = new Fields(0);
    private volatile boolean paused;
    private final AtomicInteger pauses = new AtomicInteger();

    GivenBody(Rules rules, long length) {
        this.rules = rules;
        this.length = length;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public Fields trailers() {
        return trailers;
    }

    @Override
    public void read(Receiver to) {
        rules.onLoop("body().read");
        if (receiver != null) {
            rules.broken("body().read was called twice");
            return;
        }
        receiver = to;
        if (length == 0) {
            to.end();
        }
        early.forEach(Runnable::run);
        early.clear();
    }

    @Override
    public void pause() {
        rules.onLoop("body().pause");
        paused = true;
        pauses.incrementAndGet();
    }

    @Override
    public void resume() {
        rules.onLoop("body().resume");
        paused = false;
    }

    void data(byte[] bytes) {
        deliver(() -> receiver().data(rules.tracked(Chunk.of(bytes))));
    }

    void end() {
        end(new Fields(0));
    }

    void end(Fields behind) {
        deliver(() -> {
            trailers = Trailers.permitted(behind);
            receiver().end();
        });
    }

    void failed(Failure failure) {
        deliver(() -> receiver().failed(failure));
    }

    /** Keeps what comes before anybody reads. */
    private void deliver(Runnable step) {
        if (receiver == null) {
            early.add(step);
        } else {
            step.run();
        }
    }

    private Receiver receiver() {
        if (receiver == null) {
            throw new IllegalStateException("nobody reads the body");
        }
        return receiver;
    }

    boolean paused() {
        return paused;
    }

    int pauses() {
        return pauses.get();
    }
}
