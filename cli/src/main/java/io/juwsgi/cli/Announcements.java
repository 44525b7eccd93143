package io.juwsgi.cli;

import io.juwsgi.cli.plugin.ActiveExtensions;
import io.juwsgi.spi.Controllable;
import io.juwsgi.spi.LogSink;
import java.util.List;
import java.util.Optional;

/** Stops announcing this server to subscription servers, or begins again: the letter S of a master-fifo. */
final class Announcements {
    private static final String COMMAND = "subscribe";

    private final ActiveExtensions active;
    private final LogSink log;

    Announcements(ActiveExtensions active, LogSink log) {
        this.active = active;
        this.log = log;
    }

    /** Returns at once; a line tells what came of it. */
    void toggle() {
        Thread.ofVirtual().name("juwsgi-subscribe").start(this::ask);
    }

    private void ask() {
        Optional<Controllable> subscriber = active.offering(Controllable.class).stream()
                .filter(one -> one.controlName().equals(COMMAND))
                .findFirst();
        if (subscriber.isEmpty()) {
            log.line("master-fifo: S: this server subscribes nowhere");
            return;
        }
        try {
            log.line("master-fifo: S: " + subscriber.get().control(List.of("toggle")));
        } catch (Exception e) {
            log.line("master-fifo: S: " + e.getMessage());
        }
    }
}
