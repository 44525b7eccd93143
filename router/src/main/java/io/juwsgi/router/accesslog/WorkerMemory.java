package io.juwsgi.router.accesslog;

import io.juwsgi.router.exchange.LoopContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The memory of worker processes, read from Linux's {@code /proc} at most once a second for each: some 20 microseconds of an
 * event loop, and only when a log line tells of it. Any event loop may ask.
 */
final class WorkerMemory {
    private static final int MOST = 1024;

    /**
     * What was read.
     *
     * @param second when, since 1970
     * @param vsz bytes of address space, 0 when they are not known
     * @param rss bytes in memory, 0 when they are not known
     */
    record Reading(long second, long vsz, long rss) {}

    private final ConcurrentHashMap<Long, Reading> last = new ConcurrentHashMap<>();

    /** Returns the memory of a process, at most a second old. */
    Reading of(long pid, LoopContext loop) {
        long now = loop.epochSecond();
        Reading reading = last.get(pid);
        if (reading == null || reading.second() != now) {
            if (last.size() > MOST) {
                last.clear();
            }
            reading = read(pid, now);
            last.put(pid, reading);
        }
        return reading;
    }

    private static Reading read(long pid, long now) {
        try {
            String text = Files.readString(Path.of("/proc/" + pid + "/status"));
            return new Reading(now, kibibytes(text, "\nVmSize:") * 1024, kibibytes(text, "\nVmRSS:") * 1024);
        } catch (IOException | NumberFormatException processGone) {
            return new Reading(now, 0, 0);
        }
    }

    private static long kibibytes(String text, String name) {
        int at = text.indexOf(name);
        int end = at < 0 ? -1 : text.indexOf(" kB", at);
        return end < 0
                ? 0
                : Long.parseLong(text.substring(at + name.length(), end).strip());
    }
}
