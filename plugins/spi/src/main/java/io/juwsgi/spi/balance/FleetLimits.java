package io.juwsgi.spi.balance;

import io.juwsgi.spi.extension.LifeCycle;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Divides the limits of endpoints among all gateways that pass requests to them, through something that the gateways share. An
 * upstream names it by the extension's id, as in {@code fleet = redis}. One object stands for one gateway, and serves all upstreams
 * that name it. Thread-safe.
 *
 * <p>A gateway holds a <em>share</em> of each endpoint's limit: so many requests it may have under way there, whatever the others
 * do. It claims again and again; all shares together stay within the limit, since nobody is given what another one holds. A
 * gateway that claims no more loses its share after a while, which the implementation's settings name.
 *
 * <p>No method blocks or throws, whatever state the shared thing is in; any thread calls them, event loops above all. A stage that
 * fails says that nobody could be asked; the router keeps to the shares that it has then, and claims again. What is slow gives
 * up by itself, and what was found to be down is not waited for with each call. The stages complete on any thread.
 */
public interface FleetLimits extends LifeCycle {

    /** Returns how often a gateway is to claim its shares. What it was not given because others held it may be free after this time. */
    Duration interval();

    /**
     * Says what this gateway holds and wants of an endpoint's limit. The router has one claim for an endpoint under way at a time.
     *
     * @return the share from now on. Less than what is held asks the gateway to let go: what it goes on to hold, because requests
     *     are under way, stands in its next claim. Of as many gateways as the limit has requests, or less, each gets 1 at least,
     *     but 0 as long as others hold all of it. With more gateways than that each gets 1
     */
    CompletionStage<Integer> claim(Claim claim);

    /**
     * Gives a share back: others may have it at once. Closing gives back all that this gateway has.
     *
     * @param upstream the upstream's name
     * @param endpoint the endpoint's address
     */
    CompletionStage<@Nullable Void> release(String upstream, String endpoint);

    /**
     * What a gateway says of an endpoint.
     *
     * @param upstream the upstream's name, the same for all gateways that share its limits
     * @param endpoint the endpoint's address, the same for all gateways
     * @param most the limit that is divided: requests that the endpoint may have under way, 1 or more
     * @param held what nobody else may be given: the present share, or the requests under way if they are more; 0 or more
     * @param wanted what the gateway has use for, 0 or more; it may be more than the limit
     */
    record Claim(String upstream, String endpoint, int most, int held, int wanted) {
        public Claim {
            if (most < 1) {
                throw new IllegalArgumentException("most: " + most + " (expected: at least 1)");
            }
            if (held < 0 || wanted < 0) {
                throw new IllegalArgumentException("held: " + held + ", wanted: " + wanted + " (expected: at least 0)");
            }
        }
    }
}
