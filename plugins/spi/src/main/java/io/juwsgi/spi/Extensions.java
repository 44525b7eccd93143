package io.juwsgi.spi;

import io.juwsgi.config.Option;
import io.juwsgi.spi.balance.BalancerFactory;
import io.juwsgi.spi.balance.Discovery;
import io.juwsgi.spi.balance.FleetLimits;
import io.juwsgi.spi.balance.HealthCheck;
import io.juwsgi.spi.cache.CacheStore;
import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.extension.Extension;
import io.juwsgi.spi.extension.LifeCycle;
import io.juwsgi.spi.extension.Mounted;
import io.juwsgi.spi.front.ProtocolFront;
import io.juwsgi.spi.log.LogEncoder;
import io.juwsgi.spi.log.LogType;
import io.juwsgi.spi.log.Logger;
import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteCondition;
import io.juwsgi.spi.route.RouteVariable;
import io.juwsgi.spi.route.RouteWord;
import io.juwsgi.spi.route.RouteWords;
import io.juwsgi.spi.tls.TlsProvider;
import io.juwsgi.spi.worker.ApplicationLanguage;
import io.juwsgi.spi.worker.HandlerLanguage;
import java.util.Collection;

/**
 * Takes what a plugin offers, one method a kind of extension. Used on the main thread, during {@link Plugin#register}.
 *
 * <p>Every method throws {@link IllegalArgumentException} when an id, an option or a modifier is taken by another
 * extension, and when a settings record has a component of a type that cannot be configured; the message says which and
 * by whom.
 */
public interface Extensions {

    /** Adds a filter, which every exchange passes when it is active. */
    void filter(Phase phase, Extension<?, ? extends Filter> filter);

    /** Adds a Java application that may block: each exchange below its mount point gets a virtual thread. */
    <S extends Record & Mounted> void handler(Extension<S, ? extends BlockingHandler> handler);

    /** Adds a Java application that never blocks: it is called on event loops. */
    <S extends Record & Mounted> void asyncHandler(Extension<S, ? extends Handler> handler);

    /** Adds a sub-command of the program, called as {@code juwsgi ID}. */
    void command(Extension<?, ? extends Command> command);

    /**
     * Adds a component that no request passes: it works beside them, from its start to its end, and is what it implements
     * besides, such as a {@link Controllable}, a {@link io.juwsgi.spi.metric.MetricSource} or {@link
     * io.juwsgi.spi.worker.WorkerFunctions}. Components of every kind may implement these too.
     */
    void service(Extension<?, ? extends LifeCycle> service);

    /**
     * Adds options to the option registry, so that they are read from every configuration source and stand in the help:
     * for names that the settings of an extension cannot have, such as those that uWSGI gives.
     */
    void options(Collection<Option<?>> options);

    /** Adds a kind of place where log lines may go: {@code logger = ID:ARGUMENT}. */
    void logger(LogType<Logger> type);

    /** Adds a shape that log lines may be given: {@code log-encoder = ID ARGUMENT}. */
    void logEncoder(LogType<LogEncoder> type);

    /** Adds an action of internal routing, written {@code NAME:ARGUMENTS}. */
    void routeAction(RouteWord<RouteAction> action);

    /** Adds a condition of internal routing, written {@code NAME:ARGUMENTS}. */
    void routeCondition(RouteWord<RouteCondition> condition);

    /** Adds a variable of internal routing, written {@code ${NAME[ARGUMENT]}}. */
    void routeVariable(RouteWord<RouteVariable> variable);

    /** Returns the words of internal routing that all plugins have: a view, complete when factories are called. */
    RouteWords routeWords();

    /**
     * Adds a way to encrypt connections. It is used when a listener speaks TLS: the one that is turned on, or the only one
     * there is.
     */
    void tls(Extension<?, ? extends TlsProvider> provider);

    /**
     * Adds a protocol that clients may speak: its connections are accepted where {@code front-socket = ID=ADDRESS} says, and
     * at its own {@link ProtocolFront#addresses}. It is made when one of the two has it.
     */
    void front(Extension<?, ? extends ProtocolFront> front);

    /**
     * Adds a way to choose among the endpoints of an upstream, named by {@code balance = ID} there. Its own options begin
     * with {@code balance-ID}.
     */
    void balancer(Extension<?, ? extends BalancerFactory> balancer);

    /**
     * Adds a way to ask endpoints whether they are well, named by {@code check = ID} in an upstream. Its own options begin
     * with {@code check-ID}.
     */
    void healthCheck(Extension<?, ? extends HealthCheck> check);

    /**
     * Adds a way to find the members of upstreams, named by {@code ID:TARGET} among the servers of one. Its own options begin
     * with {@code discover-ID}.
     */
    void discovery(Extension<?, ? extends Discovery> discovery);

    /**
     * Adds a way to divide the limits of endpoints among several gateways, named by {@code fleet = ID} in an upstream. Its own
     * options begin with {@code fleet-ID}.
     */
    void fleetLimits(Extension<?, ? extends FleetLimits> limits);

    /**
     * Adds a place where caches keep what several servers share, named by a cache's own options, such as {@code
     * http-cache-store = ID}; see {@link io.juwsgi.spi.extension.Context#named}.
     */
    void cacheStore(Extension<?, ? extends CacheStore> store);

    /** Adds a language whose applications run in worker processes. */
    void language(ApplicationLanguage language);

    /** Adds a language whose applications need no worker processes. */
    void language(HandlerLanguage language);
}
