package io.juwsgi.processes.cron;

import io.juwsgi.config.Settings;
import io.juwsgi.processes.ProcessLoop;
import io.juwsgi.processes.Surroundings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * All commands that run at times, looked at once in each minute of the local clock; minutes that the machine slept through are
 * not made up for. Owned by the loop's thread once that runs.
 */
public final class CronJobs implements ProcessLoop.Part {
    private final List<CronJob> jobs;
    private final InstantSource clock;
    private final ZoneId zone;
    private Instant lastMinute = Instant.MIN;
    private boolean stopping;

    CronJobs(List<CronPlan> plans, Surroundings surroundings, InstantSource clock, ZoneId zone) {
        this.jobs = plans.stream().map(plan -> new CronJob(plan, surroundings)).toList();
        this.clock = clock;
        this.zone = zone;
    }

    /**
     * Returns the commands that the settings name, if there are any.
     *
     * @throws io.juwsgi.config.ConfigException when an option cannot be read
     */
    public static Optional<CronJobs> of(Settings settings, Surroundings surroundings) {
        List<CronPlan> plans = CronOptions.plans(settings);
        return plans.isEmpty()
                ? Optional.empty()
                : Optional.of(new CronJobs(plans, surroundings, InstantSource.system(), ZoneId.systemDefault()));
    }

    @Override
    public void settle(long now) {
        Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        // A clock that is set back must not bring a second run of the same minute, nor stop all runs until it has
        // caught up.
        boolean another = !minute.equals(lastMinute);
        if (another && !stopping) {
            lastMinute = minute;
            LocalDateTime time = LocalDateTime.ofInstant(minute, zone);
            for (CronJob job : jobs) {
                if (job.isDue(time)) {
                    job.run(now);
                }
            }
        }
        jobs.forEach(job -> job.settle(now));
    }

    @Override
    public void stop(long now) {
        stopping = true;
        jobs.forEach(job -> job.stop(now));
    }

    @Override
    public boolean isOver() {
        return jobs.stream().noneMatch(CronJob::isRunning);
    }

    @Override
    public long nanosToDeadline(long now) {
        long next = stopping ? Long.MAX_VALUE : nanosToMinute();
        for (CronJob job : jobs) {
            next = Math.min(next, job.nanosToDeadline(now));
        }
        return next;
    }

    private long nanosToMinute() {
        Instant instant = clock.instant();
        Instant minute = instant.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        return Duration.between(instant, minute).toNanos();
    }
}
