package io.juwsgi.master;

import io.juwsgi.processes.CommandPipe;
import io.juwsgi.processes.Pidfile;
import io.juwsgi.spi.LogSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What only one server can have at a time: the pidfiles and the pipes of {@code master-fifo}. A server that replaces another
 * takes them when that one has let go. Any thread may use it.
 */
final class Claims {
    private final ControlOptions.Control options;
    private final LogSink log;
    private final Consumer<MasterEvent> events;
    private final List<Pidfile> pidfiles = new ArrayList<>();
    private final List<CommandPipe> fifos = new ArrayList<>();

    Claims(ControlOptions.Control options, LogSink log, Consumer<MasterEvent> events) {
        this.options = options;
        this.log = log;
        this.events = events;
    }

    /**
     * Writes the pidfiles and makes the pipes.
     *
     * @throws io.juwsgi.config.ConfigException when one cannot be made; the message is one line for the user
     */
    synchronized void take() {
        pidfiles.clear();
        options.pidfiles().forEach(path -> pidfiles.add(Pidfile.write(path)));
        options.fifos()
                .forEach(path -> fifos.add(
                        CommandPipe.open(path, log, letter -> events.accept(new MasterEvent.Command(letter)))));
    }

    /** Lets the pipes go for another server; the pidfiles are simply written over. */
    synchronized void yieldPipes() {
        fifos.forEach(fifo -> remove("master-fifo", fifo::close));
        fifos.clear();
    }

    /** Removes everything that is still this server's. */
    synchronized void remove() {
        pidfiles.forEach(file -> remove("pidfile", file::remove));
        pidfiles.clear();
        yieldPipes();
    }

    private interface Removal {
        void run() throws IOException;
    }

    private void remove(String what, Removal removal) {
        try {
            removal.run();
        } catch (IOException e) {
            log.line(what + ": cannot be removed: " + e);
        }
    }
}
