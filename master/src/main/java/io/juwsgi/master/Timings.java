package io.juwsgi.master;

import io.juwsgi.processes.Backoff;
import java.time.Duration;

/**
 * How long the master waits for what. Tests shorten it; users set only {@code worker-reload-mercy}.
 *
 * @param stable a worker that was ready for this long has not crashed in a loop
 * @param backoffUnit the first delay of a crash loop; each further one is twice as long
 * @param backoffLimit the longest delay of a crash loop
 * @param quickGrace what running requests get at INT
 * @param exitGrace what a process gets to end after STOP or QUIT, or after its control connection ended
 * @param failedGrace what the other requests get in a worker that is replaced because it misbehaves
 * @param killPatience after SIGKILL, until a process that nobody reports counts as gone
 * @param spawnAnswer what a zygote gets to fork
 * @param readyWithin what a worker gets to become ready when it need not load the application
 * @param bootPatience how long a booting generation stands before another reload gives it up
 * @param lastWords how long the connection of a zygote that has ended already is waited for
 * @param tick how often memory, files and load are looked at
 * @param outputPatience how long the last lines of a failed process are waited for
 */
record Timings(
        Duration stable,
        Duration backoffUnit,
        Duration backoffLimit,
        Duration quickGrace,
        Duration exitGrace,
        Duration failedGrace,
        Duration killPatience,
        Duration spawnAnswer,
        Duration readyWithin,
        Duration bootPatience,
        Duration lastWords,
        Duration tick,
        Duration outputPatience) {

    static final Timings DEFAULT = new Timings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofSeconds(3),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofMillis(250),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));

    /** Returns what holds back something that ends again and again. */
    Backoff backoff() {
        return new Backoff(stable, backoffUnit, backoffLimit);
    }
}
