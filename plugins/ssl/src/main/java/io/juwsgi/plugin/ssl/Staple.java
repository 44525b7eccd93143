package io.juwsgi.plugin.ssl;

import io.juwsgi.plugin.ssl.Ocsp.OcspException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the authority says about a certificate, to be stapled to handshakes (RFC 6066 section 8): read from the file beside
 * the certificate, or asked for. Nothing is stapled that clients would not take.
 *
 * <p>Event loops read {@link #answer}; one thread calls {@link #look}.
 */
final class Staple {
    /** What follows the certificate's file name, as with HAProxy. */
    private static final String SUFFIX = ".ocsp";

    /** How old an answer may become before the authority is asked again. */
    private static final Duration FRESH = Duration.ofHours(1);

    /** How long the authority is left alone after it gave no answer. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** How often an answer is checked again: it has an end. */
    private static final Duration CHECK = Duration.ofMinutes(1);

    private static final byte[] NONE = {};

    private final Optional<Path> file;
    private final List<X509Certificate> chain;
    private final boolean ask;
    private final System.Logger log;
    private FileMarks seen = FileMarks.of(List.of());
    private String lastProblem = "";
    private long askedAt;
    private long checkedAt = System.nanoTime();
    private Duration pause = Duration.ZERO;
    private volatile byte[] answer = NONE;

    /**
     * Reads the file; nobody is asked before {@link #look}.
     *
     * @param certificate where the certificate was read, empty when it was made
     * @param chain the certificate, and those that vouch for it
     * @param ask whether the authority is asked when there is no file
     */
    Staple(Optional<Path> certificate, List<X509Certificate> chain, boolean ask, System.Logger log) {
        this.file = certificate.map(path -> path.resolveSibling(path.getFileName() + SUFFIX));
        this.chain = chain;
        this.ask = ask;
        this.log = log;
        readFile();
    }

    /** Returns the answer as it is sent, empty for none; not to be changed. */
    byte[] answer() {
        return answer;
    }

    /** Reads a changed file, asks again when it is time, drops an answer that is too old. May take seconds. */
    void look() {
        long now = System.nanoTime();
        if (answer.length > 0 && now - checkedAt > CHECK.toNanos()) {
            checkedAt = now;
            use(answer);
        }
        boolean given = readFile();
        if (ask && !given && (pause.isZero() || now - askedAt > pause.toNanos())) {
            askedAt = now;
            ask();
        }
    }

    /** Returns whether there is a file. */
    private boolean readFile() {
        if (file.isEmpty() || !Files.exists(file.get())) {
            return false;
        }
        FileMarks marks = FileMarks.of(List.of(file.get()));
        if (!marks.equals(seen)) {
            seen = marks;
            try {
                use(Ocsp.read(file.get()));
            } catch (IOException e) {
                problem(file.get() + ": " + e.getMessage());
            }
        }
        return true;
    }

    private void ask() {
        try {
            pause = use(Ocsp.ask(chain)) ? FRESH : PATIENCE;
        } catch (IOException | OcspException e) {
            pause = PATIENCE;
            problem(String.valueOf(e.getMessage()));
        }
    }

    private boolean use(byte[] bytes) {
        try {
            Ocsp.check(chain, bytes);
            answer = bytes;
            lastProblem = "";
            return true;
        } catch (OcspException e) {
            answer = NONE;
            pause = Duration.ZERO;
            problem(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void problem(String text) {
        if (!text.equals(lastProblem)) {
            lastProblem = text;
            String subject = chain.getFirst().getSubjectX500Principal().getName();
            log.log(Level.WARNING, "nothing new is stapled for " + subject + ": " + text);
        }
    }
}
