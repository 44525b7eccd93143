package com.example.runtime;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What the JVM does at a moment: names and numbers. Immutable. */
record Report(Map<String, Long> numbers) {

    /** Asks the JVM. */
    static Report now(long asked) {
        Runtime runtime = Runtime.getRuntime();
        Map<String, Long> numbers = new LinkedHashMap<>();
        numbers.put("uptime_ms", ManagementFactory.getRuntimeMXBean().getUptime());
        numbers.put("heap_used", runtime.totalMemory() - runtime.freeMemory());
        numbers.put("heap_max", runtime.maxMemory());
        numbers.put(
                "platform_threads", (long) ManagementFactory.getThreadMXBean().getThreadCount());
        numbers.put("classes", (long) ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
        long collections = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            collections += Math.max(0, collector.getCollectionCount());
        }
        numbers.put("collections", collections);
        numbers.put("asked", asked);
        return new Report(numbers);
    }

    /** Returns the report as a JSON object; its names need no escapes. */
    String json() {
        return numbers.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}\n"));
    }
}
