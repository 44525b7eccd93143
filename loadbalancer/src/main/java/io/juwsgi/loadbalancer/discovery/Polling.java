package io.juwsgi.loadbalancer.discovery;

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
        /**
         * Looks once.
         *
         * @throws IOException when nobody can be found for now; the members stay as they are
         */
        Look look() throws IOException;
    }

    /**
     * What was seen.
     *
     * @param members all members
     * @param validFor how long this is true, as far as anybody says
     * @param trouble what kept the look from being a whole one; empty when nothing did
     */
    record Look(List<Member> members, Duration validFor, String trouble) {}

    private final Source source;
    private final Pace pace;
    private final System.Logger log;
    private final Consumer<List<Member>> to;
    private final Thread thread;
    private List<Member> last = List.of();
    private String lastTrouble = "";
    private int troubles;
    private Duration pause = Duration.ZERO;

    private Polling(Source source, Pace pace, System.Logger log, Consumer<List<Member>> to) {
        this.source = source;
        this.pace = pace;
        this.log = log;
        this.to = to;
        this.thread = Thread.ofVirtual().name("juwsgi-discovery").unstarted(this::watch);
    }

    /** Looks once, at once, and goes on. */
    static Polling start(Source source, Pace pace, System.Logger log, Consumer<List<Member>> to) {
        Polling polling = new Polling(source, pace, log, to);
        polling.pause = polling.look();
        polling.thread.start();
        return polling;
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(pause);
                pause = look();
            }
        } catch (InterruptedException e) {
            log.log(Level.DEBUG, "the watch is over");
        }
    }

    /** Returns when to look again. */
    private Duration look() {
        try {
            Look now = source.look();
            tell(now.members());
            return now.trouble().isEmpty() ? well(now.validFor()) : ill(now.trouble());
        } catch (IOException | IllegalArgumentException e) {
            return ill("members stay as they are: " + e.getMessage());
        } catch (RuntimeException e) {
            log.log(Level.ERROR, "members stay as they are: a look-up failed: " + e, e);
            return pace.afterTroubles(troubles++);
        }
    }

    private void tell(List<Member> now) {
        if (!now.equals(last)) {
            last = now;
            to.accept(now);
        }
    }

    private Duration well(Duration validFor) {
        if (!lastTrouble.isEmpty()) {
            log.log(Level.INFO, "look-ups succeed again, after: {0}", lastTrouble);
        }
        lastTrouble = "";
        troubles = 0;
        return pace.within(validFor);
    }

    /** What goes on is said once. */
    private Duration ill(String trouble) {
        if (!trouble.equals(lastTrouble) && !Thread.currentThread().isInterrupted()) {
            lastTrouble = trouble;
            log.log(Level.WARNING, "{0}", trouble);
        }
        return pace.afterTroubles(troubles++);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
