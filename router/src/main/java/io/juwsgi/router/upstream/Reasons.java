package io.juwsgi.router.upstream;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How often something happened, by the word for why: words of ours, so that there are few. Thread-safe. */
final class Reasons {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    void count(String word) {
        counts.computeIfAbsent(word, w -> new LongAdder()).increment();
    }

    /** Returns the counts by word, in the order of words. */
    Map<String, Long> counts() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((word, count) -> all.put(word, count.sum()));
        return all;
    }
}
