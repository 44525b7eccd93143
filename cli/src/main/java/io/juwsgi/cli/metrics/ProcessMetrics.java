package io.juwsgi.cli.metrics;

import io.juwsgi.spi.metric.Histogram;
import io.juwsgi.spi.metric.MetricSink;
import io.juwsgi.spi.metric.MetricSource;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The process and its JVM, under the names that all programs have for them, so that ready-made dashboards fit. */
final class ProcessMetrics implements MetricSource {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @Override
    public void metrics(MetricSink sink) {
        process(sink);
        memory(sink, "heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage());
        memory(sink, "nonheap", ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage());
        sink.gauge(
                "jvm_threads_current",
                "Threads of the JVM, without virtual ones.",
                ManagementFactory.getThreadMXBean().getThreadCount());
        for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            sink.histogram(
                    "jvm_gc_collection_seconds",
                    "Time spent in a collector.",
                    new Histogram(
                            List.of(),
                            List.of(Math.max(0, gc.getCollectionCount())),
                            Math.max(0, gc.getCollectionTime()) / 1000.0),
                    "gc",
                    gc.getName());
        }
    }

    private static void process(MetricSink sink) {
        ProcessHandle.Info info = ProcessHandle.current().info();
        info.totalCpuDuration()
                .map(ProcessMetrics::seconds)
                .ifPresent(cpu -> sink.counter("process_cpu_seconds", "User and system time of the process.", cpu));
        info.startInstant()
                .ifPresent(start -> sink.gauge(
                        "process_start_time_seconds", "When the process started.", start.toEpochMilli() / 1000.0));
        try {
            if (Files.exists(STATUS)) {
                sink.gauge("process_resident_memory_bytes", "Memory of the process.", kibibytes("VmRSS:") * 1024);
            }
            if (Files.exists(DESCRIPTORS)) {
                try (Stream<Path> open = Files.list(DESCRIPTORS)) {
                    sink.gauge("process_open_fds", "Open file descriptors.", open.count());
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static long kibibytes(String field) throws IOException {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(field))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
        }
    }

    private static void memory(MetricSink sink, String area, MemoryUsage usage) {
        sink.gauge("jvm_memory_used_bytes", "Memory in use.", usage.getUsed(), "area", area);
        sink.gauge("jvm_memory_committed_bytes", "Memory taken from the system.", usage.getCommitted(), "area", area);
        sink.gauge("jvm_memory_max_bytes", "Memory that may be used, -1 for no limit.", usage.getMax(), "area", area);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
