package io.juwsgi.spi.balance;

import io.juwsgi.config.ConfigException;
import io.juwsgi.spi.extension.LifeCycle;
import java.util.List;
import java.util.function.BiConsumer;
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

    /**
     * Begins to look for whole groups of members, each with a key that requests are matched with, such as a Host. Called on the
     * main thread, after {@link #start}.
     *
     * @param target what stands behind {@code ID:} in the list of servers
     * @param groups takes the key of a group and all its members, each time that they change; without members the group is
     *     gone. One thread at a time calls it
     * @return ends the watch; closed once
     * @throws ConfigException when the target has another form, or the discovery has no groups, which is what this method
     *     says if it is not overridden
     */
    default AutoCloseable watchGroups(String target, BiConsumer<String, List<Member>> groups) {
        throw new ConfigException(target + ": this discovery finds no groups by key (expected: one that does)");
    }
}
