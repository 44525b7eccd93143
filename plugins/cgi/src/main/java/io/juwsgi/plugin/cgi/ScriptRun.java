package io.juwsgi.plugin.cgi;

import io.juwsgi.spi.exchange.BlockingExchange;
import io.juwsgi.spi.exchange.Failure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One script at work on one request: its three pipes, each with a thread of its own, and its deadlines. Used once; the
 * thread that calls {@link #run} waits for the thread of the output, which alone uses the exchange's response.
 */
final class ScriptRun {
    private static final int BUFFER = 16 * 1024;
    private static final long LOOK_MILLIS = 250;
    /** How long a script may go on when it has closed its output, in seconds. */
    private static final long AFTERMATH = 5;

    private final BlockingExchange exchange;
    private final Script script;
    private final CgiSettings settings;
    private final Optional<String> helper;
    private final System.Logger log;
    private final long started = System.nanoTime();
    /** When the script was last asked for output that has not come, 0 while nobody waits for it. */
    private volatile long waitingSince;
    /** Which deadline has passed, null when none has. */
    private volatile @Nullable String expired;

    ScriptRun(
            BlockingExchange exchange,
            Script script,
            CgiSettings settings,
            Optional<String> helper,
            System.Logger log) {
        this.exchange = exchange;
        this.script = script;
        this.settings = settings;
        this.helper = helper;
        this.log = log;
    }

    /** Runs the script to its end. */
    void run(ExecutorService pipes, ScheduledExecutorService clock) throws Exception {
        Process process;
        try {
            process = start();
        } catch (IOException e) {
            log.log(Level.ERROR, about() + " cannot be started: " + e.getMessage());
            exchange.fail(Failure.gateway(500, "cgi-start", "The script could not be started."));
            return;
        }
        ProcessGroup group = new ProcessGroup(process);
        Future<?> watch =
                clock.scheduleWithFixedDelay(() -> look(group, pipes), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        Future<?> feeding = pipes.submit(() -> feed(process.getOutputStream(), group));
        pipes.execute(new ScriptErrors(process.getErrorStream(), about(), log));
        try {
            pipes.submit(() -> answer(process, group)).get();
        } catch (ExecutionException e) {
            group.kill();
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            watch.cancel(false);
            feeding.cancel(true);
            if (process.isAlive()) {
                group.kill();
            }
        }
    }

    private String about() {
        return "request=" + exchange.id() + " script=" + script.name();
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>(settings.prefix());
        helper.ifPresent(command::add);
        command.add(script.file().toString());
        ProcessBuilder builder = new ProcessBuilder(command);
        Optional.ofNullable(script.file().getParent()).ifPresent(parent -> builder.directory(parent.toFile()));
        ScriptEnvironment.fill(builder.environment(), exchange.request(), script, settings.unset());
        return builder.start();
    }

    /** Called by the clock; killing is left to another thread, since it starts a process. */
    private void look(ProcessGroup group, ExecutorService pipes) {
        long now = System.nanoTime();
        long since = waitingSince;
        boolean tooLong =
                !settings.whole().isZero() && now - started > settings.whole().toNanos();
        boolean tooQuiet = since != 0 && now - since > settings.idle().toNanos();
        if (expired == null && (tooLong || tooQuiet)) {
            expired = tooLong ? "harakiri" : "cgi-timeout";
            log.log(Level.WARNING, about() + " is killed: " + expired);
            pipes.execute(group::kill);
        }
    }

    private void feed(OutputStream to, ProcessGroup group) {
        byte[] buffer = new byte[BUFFER];
        InputStream body = exchange.body();
        try (to) {
            int count;
            while ((count = readBody(body, buffer, group)) > 0) {
                to.write(buffer, 0, count);
                to.flush();
            }
        } catch (IOException e) {
            // The script wants no more of the body, as it may.
            log.log(Level.DEBUG, about() + " closed its input");
        }
    }

    /** Returns how many bytes there were; a script whose client went away in the middle of the body is killed. */
    private static int readBody(InputStream body, byte[] buffer, ProcessGroup group) throws IOException {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            if (!Thread.currentThread().isInterrupted()) {
                group.kill();
            }
            throw e;
        }
    }

    private @Nullable Void answer(Process process, ProcessGroup group) throws Exception {
        try (InputStream out = new BufferedInputStream(new Waited(process.getInputStream()), BUFFER)) {
            CgiHead head = CgiHead.read(out, settings.headLimit());
            exchange.status(head.status());
            for (int i = 0; i < head.fields().size(); i++) {
                exchange.fields().add(head.fields().name(i), head.fields().value(i));
            }
            body(out);
        } catch (CgiHead.BadHeadException e) {
            if (expired == null) {
                log.log(Level.WARNING, about() + " did not answer as a CGI script: " + e.getMessage());
                group.kill();
                exchange.fail(Failure.upstream(502, "cgi-bad-response", "The script did not answer."));
                return null;
            }
        }
        if (expired != null) {
            exchange.fail(Failure.upstream(504, expired, "The script took too long."));
        } else {
            end(process, group);
        }
        return null;
    }

    private void body(InputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        int count;
        while ((count = out.read(buffer)) > 0) {
            exchange.output().write(buffer, 0, count);
            if (out.available() == 0) {
                exchange.output().flush();
            }
        }
    }

    private void end(Process process, ProcessGroup group) throws IOException, InterruptedException {
        exchange.output().close();
        if (!process.waitFor(AFTERMATH, TimeUnit.SECONDS)) {
            log.log(Level.WARNING, about() + " is killed: it went on for " + AFTERMATH + " s after its answer");
            group.kill();
        } else if (process.exitValue() != 0) {
            log.log(Level.WARNING, about() + " ended with exit code " + process.exitValue());
        }
    }

    /** The script's output, which notes since when it is waited for. */
    private final class Waited extends InputStream {
        private final InputStream from;

        Waited(InputStream from) {
            this.from = from;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            waitingSince = System.nanoTime() | 1;
            try {
                return from.read(into, offset, length);
            } finally {
                waitingSince = 0;
            }
        }

        @Override
        public int available() throws IOException {
            return from.available();
        }

        @Override
        public void close() throws IOException {
            from.close();
        }
    }
}
