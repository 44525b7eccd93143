/**
 * Commands at times: {@link io.juwsgi.processes.cron.CronJobs} is the way in, {@code docs/daemons.md} says how times are
 * written.
 */
package io.juwsgi.processes.cron;
