package io.juwsgi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.juwsgi.config.ConfigException;
import io.juwsgi.spi.balance.Discovery;
import io.juwsgi.spi.balance.Member;
import io.juwsgi.testkit.Waiting;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the router relies on in discoveries; a test of one extends this. */
public abstract class DiscoveryContract {
    @TempDir
    Path directory;

    /** For subclasses. */
    protected DiscoveryContract() {}

    /** Makes the discovery, started. */
    protected abstract Discovery discovery() throws Exception;

    /**
     * Returns a target that has members.
     *
     * @param directory an empty directory, the same for one test
     */
    protected abstract String target(Path directory) throws Exception;

    /** Returns the addresses of these members. */
    protected abstract Set<String> addresses();

    /** Returns targets that can never have members, whatever is there. */
    protected abstract List<String> wrongTargets();

    /** Makes the members of the target other ones, and returns their addresses; empty when a test cannot. */
    protected Set<String> change(Path directory) throws Exception {
        return Set.of();
    }

    private static Set<String> addressesOf(List<Member> members) {
        return members.stream().map(Member::address).collect(Collectors.toSet());
    }

    /** An upstream has its members soon after the start. */
    @Test
    public void itTellsWhoIsThereAndWhoComes() throws Exception {
        Discovery discovery = discovery();
        List<List<Member>> told = new CopyOnWriteArrayList<>();
        try (AutoCloseable _ = discovery.watch(target(directory), told::add)) {
            Waiting.until("members", () -> !told.isEmpty());
            assertEquals(addresses(), addressesOf(told.getLast()));
            Set<String> others = change(directory);
            if (!others.isEmpty()) {
                Waiting.until("other members", () -> addressesOf(told.getLast()).equals(others));
            }
            assertTrue(
                    told.stream().allMatch(members -> new HashSet<>(members).size() == members.size()),
                    "twice in a list");
        }
        discovery.close();
    }

    /** One object serves several upstreams. */
    @Test
    public void severalWatch() throws Exception {
        Discovery discovery = discovery();
        String target = target(directory);
        List<List<Member>> one = new CopyOnWriteArrayList<>();
        List<List<Member>> two = new CopyOnWriteArrayList<>();
        try (AutoCloseable _ = discovery.watch(target, one::add)) {
            try (AutoCloseable _ = discovery.watch(target, two::add)) {
                Waiting.until("members for both", () -> !one.isEmpty() && !two.isEmpty());
            }
        }
        discovery.close();
    }

    /** A mistake in the configuration is told at the start, with what is expected instead. */
    @Test
    public void wrongTargetsAreRefused() throws Exception {
        Discovery discovery = discovery();
        for (String target : wrongTargets()) {
            ConfigException wrong = assertThrows(ConfigException.class, () -> {
                try (AutoCloseable _ = discovery.watch(target, members -> {})) {
                    throw new AssertionError(target + " was not refused");
                }
            });
            assertTrue(String.valueOf(wrong.getMessage()).contains("expected"), target + ": " + wrong.getMessage());
        }
        discovery.close();
    }
}
