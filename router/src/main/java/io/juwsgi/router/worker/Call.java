package io.juwsgi.router.worker;

import io.juwsgi.router.spool.Buffering;
import io.juwsgi.router.spool.ResponseBuffer;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.ResponseSink;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on its way through the pool: gathering its body, waiting, in flight on a core, done. Owned by the pool's
 * event loop.
 */
final class Call implements Runnable {
    /** How often a request may be sent again after the worker that had it died. */
    static final int MAX_RETRIES = 2;

    enum Place {
        GATHERING,
        WAITING,
        IN_FLIGHT,
        DONE
    }

    /** Hears of an exchange that ended: answered, or given up by its client or by a failure. */
    interface Owner {
        void ended(Call call);
    }

    private final Exchange exchange;
    private final int id;
    private final Owner owner;
    private final CallBody body;
    private ResponseSink sink;
    private final boolean replayable;
    private Place place = Place.GATHERING;
    private @Nullable Core core;
    private long arrival;
    private long waitingSinceNanos;
    private int retries;
    private boolean responseBegun;
    private @Nullable CallSocket socket;
    private boolean limited;
    private long deadlineNanos;
    private boolean discarded;

    /**
     * Makes a call.
     *
     * @param id its number on the worker link, not 0
     */
    Call(Exchange exchange, int id, Owner owner) {
        this.exchange = exchange;
        this.id = id;
        this.owner = owner;
        this.body = new CallBody(this);
        this.sink = exchange.response();
        this.replayable =
                exchange.body().length() == 0 && isSafe(exchange.request().method());
    }

    /** Says which methods may be sent twice without harm and without asking (RFC 9110 section 9.2.1). */
    private static boolean isSafe(String method) {
        return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
    }

    /** The exchange has ended. */
    @Override
    public void run() {
        owner.ended(this);
    }

    Exchange exchange() {
        return exchange;
    }

    int id() {
        return id;
    }

    CallBody body() {
        return body;
    }

    /** Returns where the response goes. */
    ResponseSink sink() {
        return sink;
    }

    /** Puts a buffer in front of a client that is slow; the worker need not wait for it. */
    ResponseSink buffered(Buffering buffering) {
        if (buffering.responseLimit() > 0 && !(sink instanceof ResponseBuffer)) {
            sink = new ResponseBuffer(exchange, buffering);
        }
        return sink;
    }

    /** Returns whether the request may wait behind others, be taken back, and be sent again. */
    boolean replayable() {
        return replayable;
    }

    /**
     * Returns whether others may be sent after this one: its response is short, and its body went with the request. A
     * streamed body could not be sent again if the core gave all of them back.
     */
    boolean letsOthersWaitBehind() {
        return !responseBegun && body.isWhole();
    }

    Place place() {
        return place;
    }

    void waiting(long nanos) {
        place = Place.WAITING;
        core = null;
        waitingSinceNanos = nanos;
    }

    /** Returns since when it waits for a core. */
    long waitingSinceNanos() {
        return waitingSinceNanos;
    }

    void inFlightOn(Core newCore) {
        place = Place.IN_FLIGHT;
        core = newCore;
    }

    void done() {
        place = Place.DONE;
        body.discard();
    }

    /** Returns the core that holds it, or null. */
    @Nullable
    Core core() {
        return core;
    }

    /** Returns its place in the order of arrival, which it keeps when it is taken back. */
    long arrival() {
        return arrival;
    }

    void arrival(long value) {
        arrival = value;
    }

    /** Returns whether it may be sent to another worker now that its worker died. */
    boolean retry(boolean certainlyNotBegun) {
        boolean repeatable = replayable || (certainlyNotBegun && body.isWhole());
        return repeatable && !responseBegun && !discarded && ++retries <= MAX_RETRIES;
    }

    void responseBegins() {
        responseBegun = true;
    }

    boolean responseBegun() {
        return responseBegun;
    }

    /** Sets a deadline of the application's own, or takes it away with 0 seconds. */
    void deadline(int seconds, long nowNanos) {
        limited = seconds > 0;
        deadlineNanos = nowNanos + TimeUnit.SECONDS.toNanos(seconds);
    }

    /** Returns whether it has overrun a deadline of the application's own. */
    boolean overdue(long nowNanos) {
        return limited && nowNanos - deadlineNanos >= 0;
    }

    /** The application asks for a WebSocket in place of a response. */
    void socket(CallSocket asked) {
        socket = asked;
    }

    /** Returns its WebSocket, or null. */
    @Nullable
    CallSocket socket() {
        return socket;
    }

    /** Returns whether a WebSocket was accepted in place of a response. */
    boolean isWebSocket() {
        return socket != null && socket.isOpen();
    }

    /** What else comes from the worker for it is thrown away. */
    void discardRest() {
        discarded = true;
    }

    /** Returns whether nobody waits for the rest of the response. */
    boolean isDiscarded() {
        return discarded || exchange.ended();
    }

    void fail(Failure failure) {
        discarded = true;
        exchange.fail(failure);
    }
}
