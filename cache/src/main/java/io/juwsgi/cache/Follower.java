package io.juwsgi.cache;

import io.juwsgi.cache.rule.Preconditions;
import io.juwsgi.cache.store.StoredResponse;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import java.util.concurrent.atomic.AtomicBoolean;

/** A client that gets a response while it is being stored. Owned by the client's event loop, but for the wake-up. */
final class Follower implements Runnable {
    private final Flight flight;
    private final Exchange exchange;
    private final ResponseSink sink;
    private final SharedBody body;
    private final boolean leads;
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile int read;
    private boolean over;

    /**
     * Makes one.
     *
     * @param leads whether the application was asked for this client
     */
    Follower(Flight flight, Question question, SharedBody body, boolean leads) {
        this.flight = flight;
        this.exchange = question.exchange();
        this.sink = exchange.response();
        this.body = body;
        this.leads = leads;
    }

    Exchange exchange() {
        return exchange;
    }

    /** Returns how many parts of the body the client has been given. */
    int read() {
        return read;
    }

    /**
     * Answers, with the head first.
     *
     * @param stored the head as it is stored
     * @param fields what the client gets of it
     * @param conditional whether the client's own conditions are to be looked at
     */
    void begin(StoredResponse stored, Fields fields, boolean conditional) {
        if (conditional && Preconditions.notModified(exchange.request().fields(), stored.status(), stored.fields())) {
            over = true;
            sink.head(new Response(304, "Not Modified", Hit.of304(fields)));
            sink.end();
            flight.leave(this);
            return;
        }
        exchange.onEnd(() -> flight.leave(this));
        sink.head(new Response(stored.status(), stored.reason(), fields));
        sink.onWritable(this);
        run();
    }

    /** Comes from any thread: there is more to read. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            exchange.eventLoop().execute(this);
        }
    }

    @Override
    public void run() {
        woken.set(false);
        if (over || exchange.ended()) {
            return;
        }
        int before = read;
        int at = before;
        for (byte[] part = body.part(at); part != null && sink.writable(); part = body.part(at)) {
            at++;
            sink.data(Chunk.of(part));
        }
        read = at;
        if (body.isEnd(at)) {
            over = true;
            finish();
        } else if (at > before) {
            flight.progressed();
        }
    }

    private void finish() {
        Failure failure = body.failure();
        if (failure != null) {
            exchange.fail(failure);
            return;
        }
        Fields trailers = body.trailers(leads);
        if (trailers != null) {
            sink.trailers(trailers);
        }
        sink.end();
    }
}
