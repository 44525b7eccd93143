package io.juwsgi.router.upstream;

import io.juwsgi.router.upstream.codec.BadRequestLength;
import io.juwsgi.router.upstream.codec.Outgoing;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of one request through an upstream: its body is gathered when it is short, an endpoint is chosen and asked, the answer
 * passed on. What goes wrong before the answer begins is tried again with another endpoint when that is safe; when an endpoint is
 * slow another one may be asked beside it. Owned by the exchange's event loop.
 */
final class UpstreamCall {
    private final Exchange exchange;
    /** The one that is asked: another than at first when that has fallen back. */
    private Upstream upstream;

    private UpstreamLoop loop;
    private CallRequest request;
    private CallSelection selection;
    private final CallBody body;
    private final CallAnswer answer;
    /** The one that is waited for, or that answers; null for none. */
    private @Nullable Attempt attempt;
    /** Another one, as long as neither has answered; null for none. */
    private @Nullable Attempt hedge;

    private @Nullable Trouble last;
    private @Nullable UpstreamEndpoint lastFailed;
    private int tries;
    /** Tries since it waited last. */
    private int tried;

    private long waitsSince;
    private boolean freshOnly;
    private boolean answering;
    private boolean done;

    private @Nullable Future<?> hedgeTimer;
    private @Nullable Future<?> deadline;

    UpstreamCall(Exchange exchange, Upstream upstream, UpstreamLoop loop) {
        this.exchange = exchange;
        this.upstream = upstream;
        this.loop = loop;
        this.request = new CallRequest(exchange.request(), upstream.settings());
        this.selection = new CallSelection(exchange.request(), upstream);
        this.body = new CallBody(exchange.body(), this);
        this.answer = new CallAnswer(exchange);
    }

    /** Begins. */
    void begin() {
        upstream.retryBudget().earn();
        exchange.onEnd(this::exchangeEnded);
        upstream.settings()
                .totalTimeout()
                .ifPresent(time ->
                        deadline = loop.eventLoop().schedule(this::timeIsOver, time.toNanos(), TimeUnit.NANOSECONDS));
        boolean mayStream =
                upstream.endpoints().stream().allMatch(one -> one.protocol().streamsUnknownLength());
        body.begin(mayStream);
    }

    /** Returns what the client asks. */
    Request request() {
        return exchange.request();
    }

    // ---- who is asked

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
        UpstreamEndpoint chosen = turnLeft() ? selection.choose(loop.balancer()) : null;
        if (chosen == null) {
            Trouble trouble = last != null ? last : selection.full() ? Trouble.FULL : Trouble.NO_ENDPOINT;
            if (!waits(trouble)) {
                fail(trouble);
            }
            return;
        }
        if (lastFailed != null) {
            lastFailed.retries.increment();
        }
        ask(chosen);
    }

    private boolean turnLeft() {
        return tried < upstream.settings().tries();
    }

    private void ask(UpstreamEndpoint chosen) {
        tries++;
        tried++;
        exchange.account().proxiedTo(chosen.address(), tries);
        Attempt made = new Attempt(this, chosen, loop.link(chosen, freshOnly));
        // Known before it begins: that may succeed or fail at once.
        attempt = made;
        made.begin();
        if (!done && !answering && made == attempt) {
            hedgeLater();
        }
    }

    /** A request that no endpoint has seen may wait for one; returns whether it does. */
    private boolean waits(Trouble trouble) {
        waitsSince = waitsSince == 0 ? System.nanoTime() : waitsSince;
        return isUnseen(trouble) && body.isWhole() && loop.queue().add(this, request.urgency(), waitsSince);
    }

    private static boolean isUnseen(Trouble trouble) {
        return trouble.beforeRequest() || trouble == Trouble.FULL || trouble == Trouble.NO_ENDPOINT;
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
        return attempt != null || done;
    }

    /** No endpoint was there in time. */
    void waitedTooLong() {
        if (!done) {
            fail(Trouble.QUEUED);
        }
    }

    /** The attempt has time until then; after that another endpoint is asked too. */
    private void hedgeLater() {
        long delay = hedgeTimer == null ? upstream.hedgeDelay().nanos(System.nanoTime()) : -1;
        if (delay >= 0 && body.isReplayable() && request.isIdempotent() && !request.leavesHttp()) {
            hedgeTimer = loop.eventLoop().schedule(this::askAnother, delay, TimeUnit.NANOSECONDS);
        }
    }

    private void askAnother() {
        Attempt slow = attempt;
        if (done || answering || slow == null || hedge != null || !turnLeft()) {
            return;
        }
        UpstreamEndpoint other = selection.chooseBeside(slow.endpoint(), loop.balancer());
        if (other == null) {
            return;
        }
        if (!upstream.retryBudget().spend()) {
            other.end();
        } else {
            tries++;
            tried++;
            other.hedges.increment();
            Attempt made = new Attempt(this, other, loop.link(other, false));
            hedge = made;
            made.begin();
        }
    }

    private void timeIsOver() {
        Attempt slow = attempt;
        if (!done && !answering) {
            if (slow != null) {
                upstream.failed(slow.endpoint(), Trouble.TOTAL_TIMEOUT.why());
            }
            fail(Trouble.TOTAL_TIMEOUT);
        }
    }

    // ---- the request goes out

    /** Sends the request by a link that is ready; returns whether its head told the end of a body that is whole. */
    boolean send(CallLink to) {
        try {
            Outgoing outgoing = request.outgoing(to.endpoint(), body, answer.takesTrailers());
            to.send(outgoing, body.whole());
            return outgoing.length() >= 0;
        } catch (BadRequestLength e) {
            finish();
            exchange.fail(Failure.client(e.status(), "upstream-request", String.valueOf(e.getMessage())));
            return true;
        }
    }

    /** Sends what of the body did not go with the head. */
    void rest(CallLink to, boolean ended) {
        body.rest(to, ended);
    }

    /** The endpoint takes more. */
    void takesMore() {
        answer.tunnel().ifPresentOrElse(CallTunnel::takesMore, body::resume);
    }

    /** Returns whether nothing is to be expected of an endpoint now. */
    boolean waitsForClient() {
        return answering ? answer.waitsForClient() : body.waitsForClient();
    }

    // ---- the answer comes in

    /** Returns where the parts of an answer go that has begun. */
    CallAnswer answer() {
        return answer;
    }

    /** Of two that may yet answer, neither is known to be the one. */
    void interim(Response head) {
        if (hedge == null) {
            answer.interim(head);
        }
    }

    /** The endpoint leaves HTTP. */
    void switched(Attempt by, Response head) {
        begun(by, head);
        if (!answer.tunnel(head, by.link())) {
            fail(Trouble.BAD_ANSWER);
        }
    }

    /** An endpoint answers, the first to do so. */
    void answered(Attempt by, Response head) {
        begun(by, head);
        answer.head(head, by.link());
    }

    /** An endpoint has answered, and its connection carries nothing of it any more. */
    void answered(Attempt by, HeldAnswer whole) {
        begun(by, whole.head());
        answer.whole(whole);
    }

    private void begun(Attempt by, Response head) {
        long now = System.nanoTime();
        answering = true;
        choose(by, now);
        UpstreamEndpoint from = by.endpoint();
        long tookNanos = by.tookNanos(now);
        from.answered(tookNanos, now);
        upstream.hedgeDelay().answered(tookNanos);
        if (head.status() >= 502 && head.status() <= 504) {
            upstream.failed(from, "status-" + head.status());
        } else {
            upstream.succeeded(from, tookNanos);
        }
        loop.balancer().answered(selection, from, head.fields());
        body.forget();
    }

    /** Of two attempts this one is heard. */
    private void choose(Attempt winner, long now) {
        cancel(hedgeTimer);
        Attempt loser = winner == hedge ? attempt : hedge;
        if (winner == hedge) {
            promote();
        }
        hedge = null;
        if (loser != null) {
            loser.outrun(now);
        }
    }

    /** From now on the second attempt is the only one. */
    private void promote() {
        attempt = hedge;
        hedge = null;
        if (attempt != null) {
            exchange.account().proxiedTo(attempt.endpoint().address(), tries);
        }
    }

    /** The answer is complete, and its connection given back. */
    void answerEnded() {
        attempt = null;
        finish();
        loop.queue().serve();
        answer.end();
    }

    // ---- trouble

    /** An attempt came to nothing. */
    void broken(Attempt failed, Trouble trouble) {
        boolean stale = failed.isStale(trouble);
        if (!stale) {
            upstream.failed(failed.endpoint(), trouble.why());
            selection.failed(failed.endpoint());
        }
        if (failed == hedge) {
            hedge = null;
            return;
        }
        attempt = null;
        last = trouble;
        lastFailed = failed.endpoint();
        if (answering) {
            fail(trouble);
        } else if (hedge != null) {
            promote();
        } else {
            tryAgain(trouble, stale);
        }
    }

    private void tryAgain(Trouble trouble, boolean stale) {
        if (!mayRepeat(trouble, stale)) {
            if (!waits(trouble)) {
                fail(trouble);
            }
            return;
        }
        cancel(hedgeTimer);
        hedgeTimer = null;
        tries -= stale ? 1 : 0;
        tried -= stale ? 1 : 0;
        freshOnly |= stale;
        tryNext();
    }

    /** Returns whether another endpoint could be asked, should the one that has begun to answer break off. */
    boolean mayAskAnother() {
        return request.isIdempotent() && !request.leavesHttp() && body.isWhole() && turnLeft();
    }

    /** What never reached an endpoint, and what an idle connection lost, costs the upstream nothing to try again. */
    private boolean mayRepeat(Trouble trouble, boolean stale) {
        if (!(stale || turnLeft()) || !body.isWhole()) {
            return false;
        }
        return trouble.beforeRequest()
                || (request.isIdempotent() && (stale || upstream.retryBudget().spend()));
    }

    private void fail(Trouble trouble) {
        Upstream other = upstream.fallback();
        if (other != null && mayFallBack(trouble)) {
            fallBack(other);
            return;
        }
        finish();
        exchange.fail(trouble.failure());
    }

    /** As with another try: what no server has seen, or may see twice. */
    private boolean mayFallBack(Trouble trouble) {
        if (answering || trouble == Trouble.TOTAL_TIMEOUT || !body.isWhole()) {
            return false;
        }
        return isUnseen(trouble)
                || trouble == Trouble.QUEUED
                || (request.isIdempotent() && upstream.retryBudget().spend());
    }

    private void fallBack(Upstream other) {
        cancel(hedgeTimer);
        hedgeTimer = null;
        upstream = other;
        loop = other.loop(exchange.eventLoop());
        request = new CallRequest(exchange.request(), other.settings());
        selection = new CallSelection(exchange.request(), other);
        last = null;
        lastFailed = null;
        tried = 0;
        waitsSince = 0;
        freshOnly = false;
        other.retryBudget().earn();
        tryNext();
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
        cancel(hedgeTimer);
        cancel(deadline);
        boolean held = attempt != null;
        abandon(hedge);
        abandon(attempt);
        hedge = null;
        attempt = null;
        answer.detach();
        body.close();
        if (held) {
            loop.queue().serve();
        }
    }

    private static void abandon(@Nullable Attempt one) {
        if (one != null) {
            one.abandon();
        }
    }
}
