package io.juwsgi.loadbalancer;

import io.juwsgi.spi.balance.Member;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Looks for members again and again, on a virtual thread of its own, and tells of them when they change. */
final class Polling implements AutoCloseable {

    /** Finds the members as they are now. */
    @FunctionalInterface
    interface Source {
        List<Member> members() throws IOException;
    }

    private final Source source;
    private final Duration interval;
    private final System.Logger log;
    private final Consumer<List<Member>> to;
    private final Thread thread;
    private List<Member> last = List.of();
    private String lastTrouble = "";

    private Polling(Source source, Duration interval, System.Logger log, Consumer<List<Member>> to) {
        this.source = source;
        this.interval = interval;
        this.log = log;
        this.to = to;
        this.thread = Thread.ofVirtual().name("juwsgi-discovery").unstarted(this::watch);
    }

    /** Looks once, at once, and goes on. */
    static Polling start(Source source, Duration interval, System.Logger log, Consumer<List<Member>> to) {
        Polling polling = new Polling(source, interval, log, to);
        polling.look();
        polling.thread.start();
        return polling;
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(interval);
                look();
            }
        } catch (InterruptedException e) {
            log.log(Level.DEBUG, "the watch is over");
        }
    }

    /** When nobody can be found for now, those found before stay. */
    private void look() {
        try {
            List<Member> now = source.members();
            lastTrouble = "";
            if (!now.equals(last)) {
                last = now;
                to.accept(now);
            }
        } catch (IOException | IllegalArgumentException e) {
            String trouble = String.valueOf(e.getMessage());
            if (!trouble.equals(lastTrouble)) {
                lastTrouble = trouble;
                log.log(Level.WARNING, "members stay as they are: {0}", trouble);
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
