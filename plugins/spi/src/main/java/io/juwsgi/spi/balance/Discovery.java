package io.juwsgi.spi.balance;

import io.juwsgi.spi.extension.LifeCycle;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds the members of upstreams while the server runs. An upstream names it in its list of servers, with the extension's
 * id in front: {@code dns:app.internal:9000}. Thread-safe.
 */
@FunctionalInterface
public interface Discovery extends LifeCycle {

    /**
     * Begins to look for members. Called on the main thread, after {@link #start}. Nothing said yet means no members;
     * when the source of knowledge fails, the members that were said last stay.
     *
     * @param target what stands behind {@code ID:} in the list of servers
     * @param members takes all members, each time that they change; any thread may call it
     * @return ends the watch; closed once
     * @throws io.juwsgi.config.ConfigException when the target has another form; the message says which is expected
     */
    AutoCloseable watch(String target, Consumer<List<Member>> members);
}
