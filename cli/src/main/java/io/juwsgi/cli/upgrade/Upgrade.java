package io.juwsgi.cli.upgrade;

import io.juwsgi.config.ConfigException;
import io.juwsgi.master.ReloadListener;
import io.juwsgi.processes.Bond;
import io.juwsgi.processes.Child;
import io.juwsgi.processes.ChildCommand;
import io.juwsgi.router.Router;
import io.juwsgi.router.listener.HandedSocket;
import io.juwsgi.router.listener.SocketHandover;
import io.juwsgi.spi.LogSink;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Replaces this process by another one, or goes on as if nothing had been. Asked from any thread; the work is done on a
 * thread of its own.
 */
public final class Upgrade {

    /** What this server gives up for the next one, and takes back when that one fails. */
    public interface Doors {
        /** Gives up what only one server can have. */
        void close();

        /** Takes it back. */
        void open();
    }

    /**
     * The parts of the server that an upgrade works on.
     *
     * @param command starts another server like this one
     * @param directory the server's private directory
     * @param patience how long the new process may take to load its application
     * @param news hears when it begins and how it ends
     * @param handovers the components that hand over what they know
     * @param done called with the new process's id when that one serves
     */
    public record Parts(
            List<String> command,
            Path directory,
            Router router,
            Doors doors,
            Duration patience,
            LogSink log,
            ReloadListener news,
            Handovers handovers,
            LongConsumer done) {}

    private final Parts parts;
    private final LogSink log;
    private final AtomicBoolean busy = new AtomicBoolean();

    /** Makes an upgrade that may be asked for. */
    public Upgrade(Parts parts) {
        this.parts = parts;
        this.log = parts.log();
    }

    /** Begins, unless one is under way or it cannot be. */
    public void begin() {
        if (ProcessHandle.current().pid() == 1) {
            log.line("no upgrade: a container ends with its process 1 (expected: a new container)");
        } else if (busy.compareAndSet(false, true)) {
            Thread.ofPlatform().name("juwsgi-upgrade").daemon().start(this::run);
        } else {
            log.line("no upgrade: one is under way");
        }
    }

    private void run() {
        log.line("...upgrading: another process is starting...");
        parts.news().began("an upgrade is under way");
        AtomicReference<@Nullable Child> child = new AtomicReference<>();
        boolean[] doorsClosed = {false};
        try {
            long pid = replace(child, doorsClosed);
            parts.router().handedOver();
            log.line("...process " + pid + " serves now, this one (pid: "
                    + ProcessHandle.current().pid() + ") finishes its requests...");
            parts.handovers().replaced();
            parts.done().accept(pid);
        } catch (IOException | RuntimeException e) {
            Child failed = child.get();
            if (failed != null) {
                failed.kill();
            }
            rollBack(doorsClosed[0], String.valueOf(e.getMessage()));
        }
    }

    private void rollBack(boolean reopen, String reason) {
        String goesOn = "process " + ProcessHandle.current().pid() + " goes on serving";
        try {
            if (reopen) {
                parts.doors().open();
            }
        } catch (ConfigException e) {
            log.line("upgrade: cannot be taken back: " + e.getMessage());
        }
        log.line("*** UPGRADE FAILED: " + reason + " (" + goesOn + ") ***");
        parts.news().ended("upgrade failed: " + reason + " (" + goesOn + ")");
        busy.set(false);
    }

    private long replace(AtomicReference<@Nullable Child> child, boolean[] doorsClosed) throws IOException {
        Path place = parts.directory().resolve(Predecessor.TALK);
        Files.deleteIfExists(place);
        List<HandedSocket> sockets = parts.router().handedSockets();
        try (SocketHandover _ = parts.router().offerSockets(parts.directory().resolve(Predecessor.SOCKETS));
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                        .daemon()
                        .name("juwsgi-upgrade-timer")
                        .factory())) {
            server.bind(UnixDomainSocketAddress.of(place));
            Waiting waiting = new Waiting(server);
            Child started = start(waiting);
            child.set(started);
            var _ = timer.schedule(
                    () -> waiting.end("it took more than " + parts.patience().toSeconds() + " s"),
                    parts.patience().toMillis(),
                    TimeUnit.MILLISECONDS);
            try (Talk talk = waiting.accept()) {
                converse(talk, sockets, doorsClosed);
                return started.pid();
            } catch (IOException e) {
                throw new IOException(waiting.reason(e), e);
            } finally {
                timer.shutdownNow();
            }
        } finally {
            Files.deleteIfExists(place);
        }
    }

    private void converse(Talk talk, List<HandedSocket> sockets, boolean[] doorsClosed) throws IOException {
        talk.say(Integer.toString(sockets.size()));
        for (HandedSocket socket : sockets) {
            talk.say(socket.line());
        }
        talk.expect(Talk.LOADED);
        doorsClosed[0] = true;
        parts.doors().close();
        parts.handovers().write(parts.directory());
        talk.say(Talk.GO);
        talk.expect(Talk.SERVING);
    }

    private Child start(Waiting waiting) throws IOException {
        ChildCommand command = new ChildCommand(
                parts.command(),
                Map.of(Predecessor.VARIABLE, parts.directory().toString()),
                null,
                null,
                new Bond(false, 0, false),
                null);
        return Child.start(command, "juwsgi-upgrade", log, status -> waiting.end("the new process ended: " + status));
    }

    /** Waits for the new process, and stops waiting when it ends or takes too long. */
    private static final class Waiting {
        private final ServerSocketChannel server;
        private final AtomicReference<@Nullable String> reason = new AtomicReference<>();
        private final AtomicReference<@Nullable Talk> talk = new AtomicReference<>();

        Waiting(ServerSocketChannel server) {
            this.server = server;
        }

        Talk accept() throws IOException {
            Talk accepted = new Talk(server.accept());
            talk.set(accepted);
            if (reason.get() != null) {
                accepted.close();
            }
            return accepted;
        }

        void end(String why) {
            reason.compareAndSet(null, why);
            try {
                server.close();
                Talk accepted = talk.get();
                if (accepted != null) {
                    accepted.close();
                }
            } catch (IOException e) {
                // What is closed is closed.
            }
        }

        String reason(IOException e) {
            String why = reason.get();
            return why != null ? why : String.valueOf(e.getMessage());
        }
    }
}
