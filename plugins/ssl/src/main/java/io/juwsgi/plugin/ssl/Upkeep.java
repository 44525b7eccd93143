package io.juwsgi.plugin.ssl;

import io.juwsgi.plugin.ssl.Identity.IdentityException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** Looks for changed files, renews the keys of session tickets and what is stapled, on a virtual thread of its own. */
final class Upkeep {
    /** What is made of files, and made anew when they change. */
    interface Kept {

        /**
         * Reads the files again when one has changed since the last try.
         *
         * @return whether there was anything to do
         * @throws IdentityException when a file cannot be used; what was there before stays
         */
        boolean refresh() throws IdentityException, SSLException;

        /** Takes the newest keys of session tickets, where there are some. */
        default void renewKeys() {}

        /** Sees to what is stapled to handshakes; may take seconds. */
        default void lookAtStaples() {}
    }

    /** How often the thread wakes when files are not looked at. */
    private static final Duration SLOW = Duration.ofMinutes(1);

    private final Duration reload;
    private final Duration keyLife;
    private final TicketKeys keys;
    private final System.Logger log;
    private final List<Kept> contexts = new CopyOnWriteArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private String lastProblem = "";
    private long keysRenewed = System.nanoTime();

    /**
     * Makes it; {@link #start} begins.
     *
     * @param reload how often files are looked at, zero for never
     * @param keyLife how long a key makes tickets
     * @param keys what makes them
     */
    Upkeep(Duration reload, Duration keyLife, TicketKeys keys, System.Logger log) {
        this.reload = reload;
        this.keyLife = keyLife;
        this.keys = keys;
        this.log = log;
    }

    void add(Kept context) {
        contexts.add(context);
    }

    void start() {
        Thread.ofVirtual().name("tls-upkeep").start(this::run);
    }

    void stop() {
        stopped.countDown();
    }

    private void run() {
        Duration pause = reload.isZero() ? SLOW : reload;
        try {
            while (!stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                renewKeys();
                if (!reload.isZero()) {
                    contexts.forEach(this::refresh);
                }
                contexts.forEach(this::lookAtStaples);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void renewKeys() {
        long now = System.nanoTime();
        if (now - keysRenewed > keyLife.toNanos()) {
            keysRenewed = now;
            keys.renew();
            contexts.forEach(Kept::renewKeys);
        }
    }

    private void lookAtStaples(Kept context) {
        try {
            context.lookAtStaples();
        } catch (RuntimeException e) {
            log.log(Level.ERROR, "stapling failed: " + e, e);
        }
    }

    private void refresh(Kept context) {
        try {
            if (context.refresh()) {
                lastProblem = "";
                log.log(Level.INFO, "certificates were read again, since files changed");
            }
        } catch (IdentityException | SSLException | RuntimeException e) {
            String problem = String.valueOf(e.getMessage());
            if (!problem.equals(lastProblem)) {
                lastProblem = problem;
                log.log(Level.WARNING, "changed certificates are not used, the old ones are: " + problem);
            }
        }
    }
}
