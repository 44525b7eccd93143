package io.juwsgi.processes;

import io.juwsgi.config.Settings;
import io.juwsgi.spi.LogSink;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * What everything on a {@link ProcessLoop} shares.
 *
 * @param log where lines go
 * @param post runs something on the loop's thread
 * @param shell how commands run
 * @param mercy what a child gets to end when it is asked to
 * @param tick how often files are looked at
 * @param backoffUnit the first pause before something that ends too soon is started again
 */
public record Surroundings(
        LogSink log, Consumer<LongConsumer> post, Shell shell, Duration mercy, Duration tick, Duration backoffUnit) {

    /** A child that has lived for so long has not crashed in a loop. */
    private static final Duration STABLE = Duration.ofSeconds(10);

    /** Returns the surroundings that settings ask for. */
    public static Surroundings of(Settings settings, LogSink log, ProcessLoop loop) {
        return new Surroundings(
                log,
                loop::post,
                Shell.of(settings),
                Duration.ofSeconds(settings.get(ProcessOptions.RELOAD_MERCY)),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
    }

    /** Returns what holds back something that ends again and again. */
    public Backoff backoff(Duration limit) {
        return new Backoff(STABLE, backoffUnit, limit);
    }

    /** Returns a log that puts a tag before each line. */
    public LogSink tagged(String tag) {
        return line -> log.line("[" + tag + "] " + line);
    }
}
