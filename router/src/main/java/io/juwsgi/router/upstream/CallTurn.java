package io.juwsgi.router.upstream;

import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import org.jspecify.annotations.Nullable;

/**
 * A call's turn at one upstream: whom it has asked there, what went wrong, and what may be tried next. When the upstream falls back to
 * another one a new turn begins. Owned by the exchange's event loop.
 */
final class CallTurn {
    private final Upstream upstream;
    private final UpstreamLoop loop;
    private final CallRequest request;
    private final CallSelection selection;
    private @Nullable Trouble last;
    private @Nullable UpstreamEndpoint lastFailed;
    /** Tries since it waited last. */
    private int tried;

    private long waitsSince;
    private boolean freshOnly;

    CallTurn(Request client, Upstream upstream, UpstreamLoop loop) {
        this.upstream = upstream;
        this.loop = loop;
        this.request = new CallRequest(client, upstream.settings());
        this.selection = new CallSelection(client, upstream, loop);
        upstream.retryBudget().earn();
    }

    Upstream upstream() {
        return upstream;
    }

    UpstreamLoop loop() {
        return loop;
    }

    CallRequest request() {
        return request;
    }

    // ---- who is next

    /** Returns whether one more endpoint may be asked. */
    boolean triesLeft() {
        return tried < upstream.settings().tries();
    }

    /** Returns who is asked next, with a place taken; null for nobody. */
    @Nullable
    UpstreamEndpoint next() {
        UpstreamEndpoint chosen = triesLeft() ? selection.choose() : null;
        if (chosen != null && lastFailed != null) {
            lastFailed.retries.increment();
        }
        return chosen;
    }

    /** Returns who may be asked beside one that is slow, with a place taken; null when nobody may. */
    @Nullable
    UpstreamEndpoint beside(UpstreamEndpoint slow) {
        UpstreamEndpoint other = triesLeft() ? selection.chooseBeside(slow) : null;
        if (other != null && !upstream.retryBudget().spend()) {
            other.end();
            return null;
        }
        return other;
    }

    /** Returns what leads to an endpoint that is asked now. */
    CallLink link(UpstreamEndpoint endpoint) {
        tried++;
        return loop.link(endpoint, freshOnly);
    }

    /** Returns why nobody is next. */
    Trouble trouble() {
        return last != null ? last : selection.full() ? Trouble.FULL : Trouble.NO_ENDPOINT;
    }

    // ---- what becomes of it

    /** An attempt came to nothing; {@code stale} when that says nothing of its endpoint. */
    void failed(UpstreamEndpoint endpoint, Trouble trouble, boolean stale) {
        if (!stale) {
            upstream.failed(endpoint, trouble.why());
            selection.failed(endpoint);
        }
    }

    /** The attempt that was waited for came to nothing. */
    void lost(UpstreamEndpoint endpoint, Trouble trouble) {
        last = trouble;
        lastFailed = endpoint;
    }

    /** What an idle connection lost is no try, and is sent by a new one. */
    void forgetTry() {
        tried--;
        freshOnly = true;
    }

    /** An endpoint has begun to answer, after a time in nanoseconds. */
    void answered(UpstreamEndpoint endpoint, long took, long now, Response head) {
        endpoint.answered(took, now);
        upstream.hedgeDelay().answered(took);
        if (head.status() >= 502 && head.status() <= 504) {
            upstream.failed(endpoint, "status-" + head.status());
        } else {
            upstream.succeeded(endpoint, took);
        }
        loop.balancer().answered(selection, endpoint, head.fields());
    }

    /** A request that no endpoint has seen may wait for one; returns whether it does. */
    boolean waits(UpstreamCall call, Trouble trouble) {
        waitsSince = waitsSince == 0 ? System.nanoTime() : waitsSince;
        return isUnseen(trouble) && loop.queue().add(call, request.urgency(), waitsSince);
    }

    /** It has waited: everybody may be asked again. */
    void forgive() {
        tried = 0;
        last = null;
        selection.forgive();
    }

    /** What never reached an endpoint, and what an idle connection lost, costs the upstream nothing to try again. */
    boolean mayRepeat(Trouble trouble, boolean stale) {
        return (stale || triesLeft()) && (trouble.beforeRequest() || mayBeSeenTwice(stale));
    }

    /** Returns whether another upstream may be asked: as with another try, for what no server has seen, or may see twice. */
    boolean mayFallBack(Trouble trouble) {
        return trouble != Trouble.TOTAL_TIMEOUT
                && (isUnseen(trouble) || trouble == Trouble.QUEUED || mayBeSeenTwice(false));
    }

    private boolean mayBeSeenTwice(boolean forFree) {
        return request.isIdempotent() && (forFree || upstream.retryBudget().spend());
    }

    private static boolean isUnseen(Trouble trouble) {
        return trouble.beforeRequest() || trouble == Trouble.FULL || trouble == Trouble.NO_ENDPOINT;
    }
}
