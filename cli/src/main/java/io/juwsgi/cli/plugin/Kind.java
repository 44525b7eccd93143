package io.juwsgi.cli.plugin;

import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.extension.Extension;
import java.util.Set;

/** Where an extension goes when it is active. */
sealed interface Kind {
    /** Into the filter chain. */
    record InChain(Phase phase) implements Kind {}

    /** At a mount point, on virtual threads. */
    record Blocking() implements Kind {}

    /** At a mount point, on event loops. */
    record Async() implements Kind {}

    /** For listeners that speak TLS. */
    record Tls() implements Kind {}

    /** Picked by modifier1, on virtual threads. */
    record Language(Set<Integer> modifiers) implements Kind {}

    /** For upstreams that name it; its id and its options begin with the prefix. */
    record ForUpstreams(String prefix) implements Kind {}

    /** Beside the requests, from start to end. */
    record Service() implements Kind {}

    /** For listeners whose connections speak its protocol. */
    record Front() implements Kind {}

    /** For components that name it. */
    record ForCaches() implements Kind {}

    /** Called by its name on the command line. */
    record SubCommand() implements Kind {}

    /** Returns the id that an extension has among those of all kinds. */
    default String idOf(Extension<?, ?> extension) {
        return this instanceof ForUpstreams(String prefix) ? prefix + extension.id() : extension.id();
    }
}
