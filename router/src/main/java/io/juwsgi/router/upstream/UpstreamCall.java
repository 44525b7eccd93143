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
    /** At the upstream that is asked: another than at first when that has fallen back. */
    private CallTurn turn;

    private final CallBody body;
    private final CallAnswer answer;
    /** The one that is waited for, or that answers; null for none. */
    private @Nullable Attempt attempt;
    /** Another one, as long as neither has answered; null for none. */
    private @Nullable Attempt hedge;

    private int tries;
    private boolean answering;
    private boolean done;

    private @Nullable Future<?> hedgeTimer;
    private @Nullable Future<?> deadline;

    UpstreamCall(Exchange exchange, Upstream upstream, UpstreamLoop loop) {
        this.exchange = exchange;
        this.turn = new CallTurn(exchange.request(), upstream, loop);
        this.body = new CallBody(exchange.body(), this);
        this.answer = new CallAnswer(exchange);
    }

    /** Begins. */
    void begin() {
        exchange.onEnd(this::exchangeEnded);
        Upstream upstream = turn.upstream();
        upstream.settings()
                .totalTimeout()
                .ifPresent(time -> deadline =
                        turn.loop().eventLoop().schedule(this::timeIsOver, time.toNanos(), TimeUnit.NANOSECONDS));
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
        UpstreamEndpoint chosen = turn.next();
        if (chosen != null) {
            ask(chosen);
        } else if (!waits(turn.trouble())) {
            fail(turn.trouble());
        }
    }

    private void ask(UpstreamEndpoint chosen) {
        tries++;
        exchange.account().proxiedTo(chosen.address(), tries);
        Attempt made = new Attempt(this, chosen, turn.link(chosen));
        // Known before it begins: that may succeed or fail at once.
        attempt = made;
        made.begin();
        if (!done && !answering && made == attempt) {
            hedgeLater();
        }
    }

    private boolean waits(Trouble trouble) {
        return body.isWhole() && turn.waits(this, trouble);
    }

    /** Returns whether nothing is to be done any more. */
    boolean over() {
        return done;
    }

    /** Tries again after it has waited; false when it waits on. */
    boolean wake() {
        turn.forgive();
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
        long delay = hedgeTimer == null ? turn.upstream().hedgeDelay().nanos(System.nanoTime()) : -1;
        if (delay >= 0
                && body.isReplayable()
                && turn.request().isIdempotent()
                && !turn.request().leavesHttp()) {
            hedgeTimer = turn.loop().eventLoop().schedule(this::askAnother, delay, TimeUnit.NANOSECONDS);
        }
    }

    private void askAnother() {
        Attempt slow = attempt;
        if (done || answering || slow == null || hedge != null) {
            return;
        }
        UpstreamEndpoint other = turn.beside(slow.endpoint());
        if (other != null) {
            tries++;
            other.hedges.increment();
            Attempt made = new Attempt(this, other, turn.link(other));
            hedge = made;
            made.begin();
        }
    }

    private void timeIsOver() {
        Attempt slow = attempt;
        if (!done && !answering) {
            if (slow != null) {
                turn.upstream().failed(slow.endpoint(), Trouble.TOTAL_TIMEOUT.why());
            }
            fail(Trouble.TOTAL_TIMEOUT);
        }
    }

    // ---- the request goes out

    /** Sends the request by a link that is ready; returns whether its head told the end of a body that is whole. */
    boolean send(CallLink to) {
        try {
            Outgoing outgoing = turn.request().outgoing(to.endpoint(), body, answer.takesTrailers());
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
        turn.answered(by.endpoint(), by.tookNanos(now), now, head);
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
        turn.loop().queue().serve();
        answer.end();
    }

    // ---- trouble

    /** An attempt came to nothing. */
    void broken(Attempt failed, Trouble trouble) {
        boolean stale = failed.isStale(trouble);
        turn.failed(failed.endpoint(), trouble, stale);
        if (failed == hedge) {
            hedge = null;
            return;
        }
        attempt = null;
        turn.lost(failed.endpoint(), trouble);
        if (answering) {
            fail(trouble);
        } else if (hedge != null) {
            promote();
        } else {
            tryAgain(trouble, stale);
        }
    }

    private void tryAgain(Trouble trouble, boolean stale) {
        if (!body.isWhole() || !turn.mayRepeat(trouble, stale)) {
            if (!waits(trouble)) {
                fail(trouble);
            }
            return;
        }
        cancel(hedgeTimer);
        hedgeTimer = null;
        if (stale) {
            tries--;
            turn.forgetTry();
        }
        tryNext();
    }

    /** Returns whether another endpoint could be asked, should the one that has begun to answer break off. */
    boolean mayAskAnother() {
        return turn.request().isIdempotent() && !turn.request().leavesHttp() && body.isWhole() && turn.triesLeft();
    }

    private void fail(Trouble trouble) {
        Upstream other = turn.upstream().fallback();
        if (other != null && !answering && body.isWhole() && turn.mayFallBack(trouble)) {
            fallBack(other);
            return;
        }
        finish();
        exchange.fail(trouble.failure());
    }

    private void fallBack(Upstream other) {
        cancel(hedgeTimer);
        hedgeTimer = null;
        turn = new CallTurn(exchange.request(), other, other.loop(exchange.eventLoop()));
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
            turn.loop().queue().serve();
        }
    }

    private static void abandon(@Nullable Attempt one) {
        if (one != null) {
            one.abandon();
        }
    }
}
