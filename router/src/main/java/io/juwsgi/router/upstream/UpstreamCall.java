package io.juwsgi.router.upstream;

import io.juwsgi.router.exchange.NettyChunk;
import io.juwsgi.router.upstream.codec.BadRequestLength;
import io.juwsgi.router.upstream.codec.CgiScript;
import io.juwsgi.router.upstream.codec.Outgoing;
import io.juwsgi.router.websocket.Handshake;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.http.Trailers;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of one request through an upstream: its body is gathered when it is short, an endpoint is chosen, a connection
 * taken or made, the request sent, the answer passed on; what goes wrong before the answer begins is tried again with
 * another endpoint when that is safe. Owned by the exchange's event loop.
 */
final class UpstreamCall implements LinkUser {
    /** So many heads before the answer's are passed on; nobody needs more, and they wait for no slow client. */
    private static final int INTERIMS = 16;

    private final Exchange exchange;
    private final Upstream upstream;
    private final UpstreamLoop loop;
    private final CallSelection selection;
    private final CallBody body;
    private @Nullable UpstreamEndpoint endpoint;
    private @Nullable CallLink connection;
    private @Nullable Trouble last;
    private @Nullable UpstreamEndpoint lastFailed;
    private long sentNanos;
    private int tries;
    /** Tries since it waited last. */
    private int tried;

    private long waitsSince;
    /** Whether the connection has carried a request before, so that its end says nothing about the endpoint. */
    private boolean reused;

    private final boolean takesTrailers;
    private @Nullable CallTunnel tunnel;
    private int interims;
    private boolean freshOnly;
    private boolean answering;
    private boolean done;
    /** The second try while the first goes on; null for none. */
    private @Nullable Hedge hedge;

    private @Nullable Future<?> hedgeTimer;
    private @Nullable Future<?> deadline;

    UpstreamCall(Exchange exchange, Upstream upstream, UpstreamLoop loop) {
        this.exchange = exchange;
        this.upstream = upstream;
        this.loop = loop;
        this.selection = new CallSelection(exchange.request(), upstream);
        this.takesTrailers = Trailers.takenBy(exchange.request());
        this.body = new CallBody(exchange.body(), this);
    }

    /** Begins. */
    void begin() {
        upstream.retryBudget().earn();
        exchange.onEnd(this::exchangeEnded);
        exchange.response().onWritable(this::clientTakesMore);
        upstream.settings()
                .totalTimeout()
                .ifPresent(time ->
                        deadline = loop.eventLoop().schedule(this::timeIsOver, time.toNanos(), TimeUnit.NANOSECONDS));
        boolean mayStream =
                upstream.endpoints().stream().allMatch(one -> one.protocol().streamsUnknownLength());
        body.begin(mayStream);
    }

    // ---- the request

    /** The body is there as far as it must be. */
    void bodyReady() {
        tryNext();
    }

    /** The body will not come, or not with the length that must be known. */
    void bodyFailed(Failure failure) {
        if (!done) {
            finish();
            exchange.fail(failure);
        }
    }

    private void tryNext() {
        if (done) {
            return;
        }
        UpstreamEndpoint chosen = tried < upstream.settings().tries() ? selection.choose(loop.balancer()) : null;
        if (chosen == null) {
            Trouble trouble = last != null ? last : selection.full() ? Trouble.FULL : Trouble.NO_ENDPOINT;
            if (!waits(trouble)) {
                fail(trouble);
            }
            return;
        }
        tries++;
        tried++;
        if (lastFailed != null) {
            lastFailed.retries.increment();
        }
        use(chosen);
    }

    /** A request that no endpoint has seen may wait for one; returns whether it does. */
    private boolean waits(Trouble trouble) {
        boolean unseen = trouble.beforeRequest() || trouble == Trouble.FULL || trouble == Trouble.NO_ENDPOINT;
        waitsSince = waitsSince == 0 ? System.nanoTime() : waitsSince;
        return unseen && body.isWhole() && loop.queue().add(this, urgency(), waitsSince);
    }

    /** RFC 9218 section 4.1: 0 to 7, 3 when it is not said. */
    private int urgency() {
        String said = upstream.settings().queuePriority()
                ? exchange.request().fields().first("priority")
                : null;
        int at = said == null ? -1 : said.indexOf("u=");
        int digit = said == null || at < 0 || at + 2 >= said.length() ? 3 : said.charAt(at + 2) - '0';
        return digit < 0 || digit > 7 ? 3 : digit;
    }

    /** Returns whether nothing is to be done any more. */
    boolean over() {
        return done;
    }

    /** Tries again after it has waited; false when it waits on. */
    boolean wake() {
        tried = 0;
        last = null;
        selection.forgive();
        tryNext();
        return endpoint != null || done;
    }

    /** No endpoint was there in time. */
    void waitedTooLong() {
        if (!done) {
            fail(Trouble.QUEUED);
        }
    }

    private void use(UpstreamEndpoint chosen) {
        endpoint = chosen;
        exchange.account().proxiedTo(chosen.address(), tries);
        chosen.begin();
        CallLink link = loop.link(chosen, freshOnly);
        reused = link.reused();
        // Known before it connects: that may succeed or fail at once.
        connection = link;
        sentNanos = 0;
        link.begin(this);
        if (!done && !answering && endpoint == chosen) {
            hedgeLater();
        }
    }

    @Override
    public void connected(CallLink to) {
        connection = to;
        sentNanos = System.nanoTime();
        boolean ended = send(to);
        if (connection != null && !done) {
            rest(to, ended);
        }
    }

    /** Sends what of the body did not go with the head. */
    void rest(CallLink to, boolean ended) {
        body.rest(to, ended);
    }

    /** Sends the request by a link that is ready; returns whether its head told the end of a body that is whole. */
    boolean send(CallLink to) {
        try {
            Outgoing outgoing = outgoing(to.endpoint());
            to.send(outgoing, body.whole());
            return outgoing.length() >= 0;
        } catch (BadRequestLength e) {
            finish();
            exchange.fail(Failure.client(e.status(), "upstream-request", String.valueOf(e.getMessage())));
            return true;
        }
    }

    // ---- the second try

    /** The first try has time until then; after that another endpoint is asked too. */
    private void hedgeLater() {
        long delay = hedgeTimer == null ? upstream.hedgeDelay().nanos(System.nanoTime()) : -1;
        if (delay >= 0
                && body.isReplayable()
                && isIdempotent(exchange.request().method())
                && !Handshake.asked(exchange.request())) {
            hedgeTimer = loop.eventLoop().schedule(this::hedge, delay, TimeUnit.NANOSECONDS);
        }
    }

    private void hedge() {
        UpstreamEndpoint slow = endpoint;
        if (done
                || answering
                || slow == null
                || hedge != null
                || tried >= upstream.settings().tries()) {
            return;
        }
        UpstreamEndpoint other = selection.chooseBeside(slow, loop.balancer());
        if (other != null && upstream.retryBudget().spend()) {
            tries++;
            tried++;
            Hedge made = Hedge.to(other, this, loop);
            hedge = made;
            made.begin();
        }
    }

    /** The second try is answered first: the other one is given up, which is no failure of its endpoint. */
    void answeredBy(Hedge quicker) {
        UpstreamEndpoint slow = endpoint;
        CallLink slowLink = connection;
        long now = System.nanoTime();
        long since = sentNanos == 0 ? 0 : now - sentNanos;
        promote(quicker);
        if (slow != null) {
            slow.end();
            slow.outrun(since, now);
        }
        if (slowLink != null) {
            slowLink.abandon();
        }
    }

    /** From now on the second try is the only one. */
    private void promote(Hedge chosen) {
        chosen.choose();
        hedge = null;
        endpoint = chosen.endpoint();
        connection = chosen.link();
        reused = chosen.reused();
        sentNanos = chosen.sentNanos();
        exchange.account().proxiedTo(chosen.endpoint().address(), tries);
    }

    /** The second try came to nothing; the first one goes on. */
    void hedgeFailed(Hedge failed, Trouble trouble) {
        hedge = null;
        boolean stale = failed.reused() && (trouble == Trouble.RESET || trouble == Trouble.UNSEEN);
        if (!stale) {
            upstream.failed(failed.endpoint(), trouble.why());
            selection.failed(failed.endpoint());
        }
    }

    private void timeIsOver() {
        UpstreamEndpoint slow = endpoint;
        if (!done && !answering) {
            if (slow != null) {
                upstream.failed(slow, Trouble.TOTAL_TIMEOUT.why());
            }
            fail(Trouble.TOTAL_TIMEOUT);
        }
    }

    private Outgoing outgoing(UpstreamEndpoint to) {
        UpstreamSettings settings = upstream.settings();
        Request request = exchange.request();
        String host = switch (settings.host()) {
            case "client" -> "";
            case "endpoint" -> to.address().indexOf('/') >= 0 ? "localhost" : to.address();
            default -> settings.host();
        };
        // What has trailers ends with them, whatever its length.
        boolean open = body.trailers().size() > 0 && to.protocol().streamsUnknownLength();
        return new Outgoing(
                request,
                open ? -1 : body.length(),
                host,
                settings.forwarded(),
                first(to.modifier1(), settings.modifier1(), request.modifier1()),
                first(to.modifier2(), settings.modifier2(), request.modifier2()),
                new CgiScript(settings.root(), settings.script()),
                settings.keepalive() > 0 && settings.proxyProtocol() == ProxyProtocol.OFF,
                settings.websockets() && Handshake.asked(request) ? Handshake.WEBSOCKET : "",
                takesTrailers);
    }

    @Override
    public Request request() {
        return exchange.request();
    }

    private static int first(int own, int ofAll, int ofRequest) {
        return own >= 0 ? own : ofAll >= 0 ? ofAll : ofRequest;
    }

    @Override
    public void takesMore() {
        if (tunnel != null) {
            tunnel.takesMore();
        } else {
            body.resume();
        }
    }

    @Override
    public boolean waitsForClient() {
        return answering ? !exchange.response().writable() : body.waitsForClient();
    }

    // ---- the answer

    @Override
    public void switched(Response head) {
        CallLink to = connection;
        if (to == null || done) {
            return;
        }
        begun(head);
        CallTunnel made = new CallTunnel(to);
        tunnel = made;
        exchange.tunnel(head, made).ifPresentOrElse(made::open, () -> fail(Trouble.BAD_ANSWER));
    }

    @Override
    public void answerInterim(Response head) {
        if (!done && ++interims <= INTERIMS) {
            exchange.response().interim(head);
        }
    }

    @Override
    public void answerHead(Response head) {
        begun(head);
        exchange.response().head(head);
        holdBack();
    }

    private void begun(Response head) {
        long now = System.nanoTime();
        UpstreamEndpoint from = endpoint;
        if (from != null) {
            from.answered(now - sentNanos, now);
            upstream.hedgeDelay().answered(now - sentNanos);
            if (head.status() >= 502 && head.status() <= 504) {
                upstream.failed(from, "status-" + head.status());
            } else {
                upstream.succeeded(from);
            }
            loop.balancer().answered(selection, from, head.fields());
        }
        answering = true;
        withoutHedge();
        body.forget();
    }

    @Override
    public void answerTrailers(Fields fields) {
        if (takesTrailers && !done) {
            exchange.response().trailers(fields);
        }
    }

    @Override
    public void answerData(ByteBuf bytes) {
        if (tunnel != null) {
            tunnel.fromEndpoint(bytes);
            return;
        }
        exchange.response().data(new NettyChunk(bytes));
        holdBack();
    }

    private void holdBack() {
        if (connection != null && !done && !exchange.response().writable()) {
            connection.reading(false);
        }
    }

    private void clientTakesMore() {
        if (connection != null && answering) {
            connection.reading(true);
        }
    }

    @Override
    public void answerEnded() {
        if (!done) {
            connection = null;
            finish();
            if (tunnel != null) {
                tunnel.endpointEnded();
            } else {
                exchange.response().end();
            }
        }
    }

    // ---- trouble

    @Override
    public void connectFailed(Trouble trouble) {
        connection = null;
        broken(trouble);
    }

    @Override
    public void broken(Trouble trouble) {
        connection = null;
        if (done) {
            return;
        }
        UpstreamEndpoint failed = endpoint;
        // An idle connection may end at the very moment at which it is used.
        boolean stale = reused && (trouble == Trouble.RESET || trouble == Trouble.UNSEEN);
        if (failed != null) {
            failed.end();
            lastFailed = failed;
            endpoint = null;
            if (!stale) {
                upstream.failed(failed, trouble.why());
                selection.failed(failed);
            }
        }
        last = trouble;
        if (!answering && hedge != null) {
            promote(hedge);
            return;
        }
        if (answering || !mayRepeat(trouble, stale)) {
            if (answering || !waits(trouble)) {
                fail(trouble);
            }
        } else {
            cancel(hedgeTimer);
            hedgeTimer = null;
            tries -= stale ? 1 : 0;
            tried -= stale ? 1 : 0;
            freshOnly |= stale;
            tryNext();
        }
    }

    /** What never reached an endpoint, and what an idle connection lost, costs the upstream nothing to try again. */
    private boolean mayRepeat(Trouble trouble, boolean stale) {
        boolean turnLeft = stale || tried < upstream.settings().tries();
        if (!turnLeft || !body.isWhole()) {
            return false;
        }
        return trouble.beforeRequest()
                || (isIdempotent(exchange.request().method())
                        && (stale || upstream.retryBudget().spend()));
    }

    /** RFC 9110 section 9.2.2. */
    private static boolean isIdempotent(String method) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
            default -> false;
        };
    }

    private void fail(Trouble trouble) {
        finish();
        exchange.fail(trouble.failure());
    }

    private void withoutHedge() {
        cancel(hedgeTimer);
        Hedge slower = hedge;
        hedge = null;
        if (slower != null) {
            slower.cancel();
        }
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    // ---- the end

    private void exchangeEnded() {
        if (!done) {
            finish();
        }
    }

    /** Gives back what the call holds; nothing that comes later has a meaning. */
    private void finish() {
        done = true;
        withoutHedge();
        cancel(deadline);
        UpstreamEndpoint held = endpoint;
        endpoint = null;
        if (held != null) {
            held.end();
        }
        CallLink open = connection;
        connection = null;
        if (open != null) {
            open.abandon();
        }
        body.close();
        if (held != null) {
            loop.queue().serve();
        }
    }
}
