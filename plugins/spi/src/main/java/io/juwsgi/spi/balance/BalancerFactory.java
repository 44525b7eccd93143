package io.juwsgi.spi.balance;

import io.juwsgi.spi.extension.LifeCycle;
import java.util.random.RandomGenerator;

/**
 * Makes balancers of one kind: what a plugin registers. An upstream names it by the extension's id, as in
 * {@code balance = least-connections}.
 */
@FunctionalInterface
public interface BalancerFactory extends LifeCycle {

    /**
     * Makes a balancer, for one upstream on one event loop. Called on the main thread.
     *
     * @param random for choices by chance; owned by the balancer's thread
     */
    Balancer create(RandomGenerator random);
}
