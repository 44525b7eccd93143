package io.juwsgi.cli;

import io.juwsgi.cli.log.ExitWatch;
import io.juwsgi.cli.log.StandardLog;
import io.juwsgi.master.Master;
import io.juwsgi.master.StopMode;
import io.juwsgi.router.Router;
import io.juwsgi.spi.LogSink;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Makes an orderly stop of a plugin's {@code System.exit} in a running server, and a failure of it: nothing can keep the
 * process from ending, but it ends with a line that names the plugin, without workers left behind, and not as if all were
 * well.
 */
final class ExitGuard {
    private static final long LONGEST_STOP_SECONDS = 120;
    private static final long LAST_LINES_MILLIS = 2000;

    private ExitGuard() {}

    static void install(Master master, Router router, LogSink log) {
        ExitWatch.listen(stack -> {
            log.line("ERROR " + culprit(router, stack.getStackTrace())
                    + " called System.exit (expected: an exception); the server stops");
            master.stop(StopMode.QUICK);
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(master), "juwsgi-exit"));
    }

    private static String culprit(Router router, StackTraceElement[] trace) {
        String where = Stream.of(trace)
                .filter(frame -> !frame.getClassName().startsWith("java.lang."))
                .findFirst()
                .map(frame -> " in " + frame)
                .orElse("");
        return router.extensionOf(trace).map(id -> "plugin=" + id).orElse("something") + where;
    }

    /** Runs while the process ends: the thread that called for it waits for this. */
    private static void stop(Master master) {
        if (!ExitWatch.seen()) {
            return;
        }
        try {
            var _ = master.exit()
                    .toCompletableFuture()
                    .orTimeout(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            // It takes too long: the process ends all the same.
        }
        StandardLog.instance().flush(LAST_LINES_MILLIS);
        Runtime.getRuntime().halt(1);
    }
}
