package io.juwsgi.master;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import java.time.Duration;

/**
 * When a worker that does nothing wrong is replaced all the same; zero stands for never.
 *
 * @param minLifetime how old a worker must be to be replaced for its requests or its memory
 * @param maxLifetime how long it serves
 * @param maxLifetimeDelta what is added to that for each worker number
 * @param rss the bytes in memory above which it is replaced
 * @param space the bytes of address space above which it is replaced
 * @param evilRss the bytes in memory above which it is killed
 * @param evilSpace the bytes of address space above which it is killed
 */
record Recycling(
        Duration minLifetime,
        Duration maxLifetime,
        Duration maxLifetimeDelta,
        long rss,
        long space,
        long evilRss,
        long evilSpace) {
    static final Recycling NONE = new Recycling(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, 0, 0, 0);

    static Recycling of(Settings settings) {
        return new Recycling(
                seconds(settings, RecyclingOptions.MIN_LIFETIME),
                seconds(settings, RecyclingOptions.MAX_LIFETIME),
                seconds(settings, RecyclingOptions.MAX_LIFETIME_DELTA),
                bytes(settings, RecyclingOptions.RELOAD_ON_RSS),
                bytes(settings, RecyclingOptions.RELOAD_ON_AS),
                bytes(settings, RecyclingOptions.EVIL_RELOAD_ON_RSS),
                bytes(settings, RecyclingOptions.EVIL_RELOAD_ON_AS));
    }

    static Duration seconds(Settings settings, Option<Integer> option) {
        return Duration.ofSeconds(atLeastZero(settings, option));
    }

    private static long bytes(Settings settings, Option<Integer> option) {
        return atLeastZero(settings, option) * 1024L * 1024;
    }

    static int atLeastZero(Settings settings, Option<Integer> option) {
        int value = settings.get(option);
        if (value < 0) {
            throw new ConfigException(option.name() + ": " + value + " (expected: >= 0)");
        }
        return value;
    }

    /** Returns how long the worker of a number serves; zero for ever. */
    Duration lifetime(int id) {
        return maxLifetime.isZero() ? Duration.ZERO : maxLifetime.plus(maxLifetimeDelta.multipliedBy(id));
    }

    boolean limitsMemory() {
        return rss > 0 || space > 0 || evilRss > 0 || evilSpace > 0;
    }

    /** Returns what is wrong with a process of this size that nobody may wait for, or nothing. */
    String evil(ProcessMemory memory) {
        return excess(memory, evilRss, "evil-reload-on-rss", evilSpace, "evil-reload-on-as");
    }

    /** Returns why a process of this size is to be replaced, or nothing. */
    String excess(ProcessMemory memory) {
        return excess(memory, rss, "reload-on-rss", space, "reload-on-as");
    }

    private static String excess(ProcessMemory memory, long rss, String rssName, long space, String spaceName) {
        if (rss > 0 && memory.rss() > rss) {
            return excess("in memory", memory.rss(), rssName, rss);
        }
        return space > 0 && memory.vsz() > space ? excess("of address space", memory.vsz(), spaceName, space) : "";
    }

    private static String excess(String what, long value, String option, long limit) {
        return "has " + (value >> 20) + " MB " + what + " (" + option + ": " + (limit >> 20) + ")";
    }
}
