package io.juwsgi.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one reading has read for the next: the second gets the same texts in the same order, because standard input can be read
 * only once and a command should run only once. A reading after that, for a reload, gets again what cannot be read twice, and
 * everything else as it is then. Used by one thread at a time.
 */
final class ReadAhead {
    private final Map<String, Deque<String>> texts = new HashMap<>();
    private final Map<String, Deque<String>> readOnce = new HashMap<>();
    private boolean keeping;

    /** Keeps every text that is read from now on, or hands the kept ones out. */
    void keep(boolean keep) {
        keeping = keep;
    }

    /**
     * Returns the next kept text of {@code name}, or what {@code source} reads now.
     *
     * @param once whether it can be read only once
     */
    String text(String name, boolean once, Supplier<String> source) {
        if (keeping) {
            String text = source.get();
            texts.computeIfAbsent(name, n -> new ArrayDeque<>()).add(text);
            return text;
        }
        Deque<String> kept = texts.get(name);
        @Nullable String next = kept == null ? null : kept.poll();
        String text = next != null ? next : source.get();
        if (once) {
            readOnce.computeIfAbsent(name, n -> new ArrayDeque<>()).add(text);
        }
        return text;
    }

    /** Begins another reading. */
    void again() {
        texts.clear();
        texts.putAll(readOnce);
        readOnce.clear();
    }
}
