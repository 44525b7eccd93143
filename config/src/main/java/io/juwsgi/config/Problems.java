package io.juwsgi.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is wrong with a configuration, gathered so that all of it is told at once. Used on the main thread. */
final class Problems {
    /** A list that nobody would read to its end; it also ends a loop that repeats one mistake. */
    private static final int MOST = 100;

    private final Set<String> lines = new LinkedHashSet<>();
    private boolean tooMany;

    /** Does a piece of work; a mistake that ends it is noted. */
    void gather(Runnable work) {
        gather(
                () -> {
                    work.run();
                    return true;
                },
                false);
    }

    /** Returns what a piece of work gives, or {@code otherwise} when a mistake, which is noted, ends it. */
    <T extends @Nullable Object> T gather(Supplier<T> work, T otherwise) {
        try {
            return work.get();
        } catch (TooMuchException e) {
            lines.add(String.valueOf(e.getMessage()));
            tooMany = true;
            throw e;
        } catch (ConfigException e) {
            if (tooMany) {
                throw e;
            }
            lines.add(String.valueOf(e.getMessage()));
            if (lines.size() > MOST) {
                tooMany = true;
                throw new ConfigException("more than " + MOST + " errors: the rest was not read");
            }
            return otherwise;
        }
    }

    void add(List<String> found) {
        lines.addAll(found);
    }

    /** Returns a line for each of them, in the order in which they were found. */
    List<String> lines() {
        return List.copyOf(lines);
    }
}
