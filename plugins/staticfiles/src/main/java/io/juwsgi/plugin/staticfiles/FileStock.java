package io.juwsgi.plugin.staticfiles;

import io.juwsgi.spi.http.MediaTypes;
import io.juwsgi.spi.http.Representation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The files of one directory that were asked for of late, open. Each time that one is asked for again its name is looked at:
 * as long as it leads to the same file in the same state, what was checked and opened before is what is sent, and no
 * path is walked. Any thread may use it.
 */
final class FileStock {
    /** Files up to this size are kept as bytes; the front sends as much in one piece with the head. */
    private static final int SMALL = 16 * 1024;
    /** Files of another machine are read where that may take its time, and not by the event loop that sends them. */
    private static final int SMALL_REMOTE = 1024 * 1024;
    /**
     * A file that was changed so recently may be changed once more without its time being another one: its bytes are not
     * kept. File systems note times by the clock tick; some by the second.
     */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final SafeOpen opener;
    private final int small;
    private final Rules rules;
    private final int limit;
    private final long trustNanos;
    private final Map<String, OpenFile> files = new ConcurrentHashMap<>();

    /** What files are given with by their names. */
    record Rules(MediaTypes types, ExpiryRules expiry, PrecompressedRules precompressed) {}

    /**
     * Makes an empty stock.
     *
     * @param limit how many files are kept
     * @param trust how long a file that was found is not looked at again
     * @param remote whether they are on another machine
     */
    FileStock(SafeOpen opener, Rules rules, int limit, Duration trust, boolean remote) {
        this.opener = opener;
        this.small = remote ? SMALL_REMOTE : SMALL;
        this.rules = rules;
        this.limit = limit;
        this.trustNanos = trust.toNanos();
    }

    /** Returns a file that is kept and has not changed, in use once more; null when it has to be looked for. */
    @Nullable
    OpenFile kept(String key) {
        OpenFile file = files.get(key);
        if (file == null || !file.use()) {
            return null;
        }
        if (file.isCurrent(trustNanos)) {
            return file;
        }
        file.release();
        drop(key, file);
        return null;
    }

    private void drop(String key, OpenFile file) {
        if (files.remove(key, file)) {
            file.release();
        }
    }

    /**
     * Opens a file; it is in use once, and kept for the next one who asks.
     *
     * @param root the directory that it has to be in
     * @param typedAs the name that tells its media type
     * @return null when there is none that may be sent
     */
    @Nullable
    OpenFile open(String key, Path root, Path asked, String typedAs, String tag) {
        SafeOpen.Opened opened = opener.open(root, asked);
        if (opened == null) {
            return null;
        }
        OpenFile file;
        try {
            file = made(opened, asked, typedAs, tag);
        } catch (IOException e) {
            return null;
        }
        if (files.size() < limit && file.use()) {
            OpenFile before = files.put(key, file);
            if (before != null) {
                before.release();
            }
        }
        return file;
    }

    private OpenFile made(SafeOpen.Opened opened, Path asked, String typedAs, String tag) throws IOException {
        BasicFileAttributes facts = opened.facts();
        String type = rules.types().of(typedAs).orElse(null);
        String name = opened.real().toString();
        Representation bytes =
                Representation.of(facts.size(), facts.lastModifiedTime().to(TimeUnit.SECONDS), etag(facts, tag), type);
        FileTraits traits = new FileTraits(
                rules.precompressed().holdFor(name), rules.expiry().ofFile(name, type));
        return new OpenFile(asked, opened, content(opened), bytes, traits);
    }

    /** Returns a tag that no other state of the file has, nor another coding of it. */
    private static String etag(BasicFileAttributes facts, String tag) {
        long micros = facts.lastModifiedTime().to(TimeUnit.MICROSECONDS);
        return "\"" + Long.toHexString(micros) + "-" + Long.toHexString(facts.size()) + tag + "\"";
    }

    private byte @Nullable [] content(SafeOpen.Opened opened) throws IOException {
        BasicFileAttributes facts = opened.facts();
        Instant settled = Instant.now().minus(SETTLED);
        if (facts.size() > small || facts.lastModifiedTime().toInstant().isAfter(settled)) {
            return null;
        }
        try (FileChannel channel = opened.channel()) {
            ByteBuffer buffer = ByteBuffer.allocate((int) facts.size());
            while (buffer.hasRemaining()) {
                if (channel.read(buffer) < 0) {
                    throw new IOException("shorter than it was");
                }
            }
            return buffer.array();
        }
    }

    /** Returns how many files are kept. */
    int size() {
        return files.size();
    }

    /** Closes what was not asked for since this was called last, so that removed files give their space back. */
    void sweep() {
        files.forEach((key, file) -> {
            if (!file.wasTouched()) {
                drop(key, file);
            }
        });
    }

    /** Closes everything that is not being sent. */
    void close() {
        files.forEach(this::drop);
    }
}
