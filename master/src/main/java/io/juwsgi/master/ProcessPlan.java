package io.juwsgi.master;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import java.time.Duration;
import java.util.List;

/**
 * What the settings ask of the process plane.
 *
 * @param processes how many workers
 * @param threads how many cores each of them has
 * @param mercy what running requests get at a reload and at TERM
 * @param lazy whether each worker loads the application by itself
 * @param needApp whether there is no server without an application
 * @param control where others find and command the server
 * @param recycling when workers are replaced that do nothing wrong
 * @param triggers files whose touch reloads
 * @param elastic how the number of workers follows the load
 */
record ProcessPlan(
        int processes,
        int threads,
        Duration mercy,
        boolean lazy,
        boolean needApp,
        ControlOptions.Control control,
        Recycling recycling,
        List<TouchWatch.Trigger> triggers,
        Elastic elastic) {
    /** Linux refuses far fewer; this only keeps a typing error from filling the process table. */
    static final int MOST_PROCESSES = 4096;

    ProcessPlan {
        if (processes < 1 || processes > MOST_PROCESSES) {
            throw new ConfigException("processes: " + processes + " (expected: 1 to " + MOST_PROCESSES + ")");
        }
        if (mercy.isNegative()) {
            throw new ConfigException("worker-reload-mercy: " + mercy.toSeconds() + " (expected: >= 0)");
        }
    }

    static ProcessPlan of(Settings settings) {
        return new ProcessPlan(
                settings.get(MasterOptions.PROCESSES),
                // 0 threads means in uWSGI what 1 means here.
                Math.max(1, settings.get(MasterOptions.THREADS)),
                Duration.ofSeconds(settings.get(MasterOptions.WORKER_RELOAD_MERCY)),
                settings.get(MasterOptions.LAZY_APPS),
                settings.get(MasterOptions.NEED_APP),
                ControlOptions.of(settings),
                Recycling.of(settings),
                ReloadOptions.triggers(settings),
                Elastic.of(settings, settings.get(MasterOptions.PROCESSES)));
    }

    /** Returns the exit code for an application that cannot be loaded. */
    int bootFailureCode() {
        return needApp ? 22 : 1;
    }
}
