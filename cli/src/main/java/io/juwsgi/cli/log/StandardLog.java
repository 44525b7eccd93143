package io.juwsgi.cli.log;

import io.juwsgi.spi.LogSink;
import io.juwsgi.spi.log.LogLine;
import io.juwsgi.spi.log.LogLine.Source;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of this process. Lines go to standard error, as uWSGI's do, until the configuration has said where they are to
 * go. Safe for all threads; nobody waits for a target.
 */
public final class StandardLog implements LogSink {
    private static final StandardLog INSTANCE = new StandardLog();

    private final LogTarget standardError = new LogTarget(
            "standard error",
            new StreamLogger(new FileOutputStream(FileDescriptor.err)),
            List.of(new PlainText(null, false)),
            (target, complaint) -> {});
    private final LogSink requests = text -> take(Source.REQUEST, Level.INFO, 0, 0, text);
    private @Nullable Thread touched;
    private volatile LogRoutes routes = LogRoutes.to(standardError);

    StandardLog() {
        standardError.start();
    }

    /** Returns the log of this process. */
    public static StandardLog instance() {
        return INSTANCE;
    }

    @Override
    public void line(String line) {
        message(Level.INFO, line);
    }

    /** Writes a message. */
    void message(Level level, String text) {
        take(Source.MESSAGE, level, 0, 0, text);
    }

    @Override
    public LogSink requests() {
        return requests;
    }

    @Override
    public LogSink application(int worker, long pid) {
        return text -> take(Source.APPLICATION, Level.INFO, worker, pid, text);
    }

    private void take(Source source, Level level, int worker, long pid, String text) {
        routes.take(new LogLine(source, level, Clock.micros(), worker, pid, text));
    }

    /** Sends all lines from now on where {@code next} says; what waits elsewhere is still written there. */
    void use(LogRoutes next) {
        LogRoutes before = routes;
        next.start();
        routes = next;
        before.targets().stream()
                .filter(target -> target != standardError && !next.targets().contains(target))
                .forEach(LogTarget::close);
    }

    /** Runs what looks for touched files, in place of what did so before; null for nothing. */
    synchronized void watch(@Nullable Runnable looking) {
        if (touched != null) {
            touched.interrupt();
        }
        touched = looking == null
                ? null
                : Thread.ofPlatform().daemon().name("juwsgi-log-touch").start(looking);
    }

    /** Returns where lines go at first. */
    LogTarget standardError() {
        return standardError;
    }

    /** Says that a target has a problem, everywhere but there. */
    void complain(LogTarget about, String complaint) {
        LogLine line = new LogLine(Source.MESSAGE, Level.WARNING, Clock.micros(), 0, 0, complaint);
        routes.others(about).forEach(target -> target.offer(line));
        if (about != standardError && !routes.targets().contains(standardError)) {
            standardError.offer(line);
        }
    }

    @Override
    public void reopen() {
        routes.targets().forEach(LogTarget::reopen);
    }

    @Override
    public void rotate() {
        routes.targets().forEach(LogTarget::rotate);
    }

    /**
     * Waits until every line is written.
     *
     * @param millis how long to wait at most for each target, in milliseconds
     */
    public void flush(long millis) {
        routes.targets().forEach(target -> target.flush(millis));
        standardError.flush(millis);
    }
}
