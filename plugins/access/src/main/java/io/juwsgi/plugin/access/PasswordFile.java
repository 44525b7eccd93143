package io.juwsgi.plugin.access;

import io.juwsgi.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The users of an htpasswd file; it is read again when it has changed. What was found right is remembered, as a keyed digest,
 * until then: a page with fifty pictures costs one check. Thread-safe.
 */
final class PasswordFile {
    private static final int REMEMBERED = 4096;
    private static final long LOOK_NANOS = 1_000_000_000L;
    private static final int MAX_BYTES = 16 * 1024 * 1024;

    private final Path path;
    private final System.Logger logger;
    private final SecretKeySpec key;
    private volatile Contents contents;
    private volatile long lookedAt = System.nanoTime();

    /**
     * What was read.
     *
     * @param hashes by user
     * @param dummy a hash to check for users that are not there, so that they take as long
     * @param right digests of what was found right
     */
    private record Contents(FileTime changed, long size, Map<String, String> hashes, String dummy, Set<String> right) {}

    private PasswordFile(Path path, System.Logger logger, Contents contents) {
        this.path = path;
        this.logger = logger;
        this.contents = contents;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, "HmacSHA256");
    }

    /** Reads a file. */
    static PasswordFile of(Path path, System.Logger logger) {
        try {
            return new PasswordFile(path, logger, read(path));
        } catch (IOException e) {
            throw new ConfigException("basic-auth-file: " + path + " cannot be read (" + e.getMessage()
                    + ") (expected: a file as htpasswd writes it)");
        }
    }

    private static Contents read(Path path) throws IOException {
        FileTime changed = Files.getLastModifiedTime(path);
        long size = Files.size(path);
        if (size > MAX_BYTES) {
            throw new IOException("larger than " + MAX_BYTES + " bytes");
        }
        Map<String, String> hashes = new HashMap<>();
        int number = 0;
        for (String line : Files.readAllLines(path, StandardCharsets.UTF_8)) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                add(hashes, line, path + ":" + number);
            }
        }
        String dummy = hashes.values().stream().findFirst().orElse("{SHA}");
        return new Contents(changed, size, hashes, dummy, ConcurrentHashMap.newKeySet());
    }

    /** The message has neither user nor hash. */
    private static void add(Map<String, String> hashes, String line, String position) throws IOException {
        String[] parts = line.strip().split(":", 3);
        if (parts.length < 2 || parts[0].isEmpty() || !Passwords.isKnown(parts[1])) {
            throw new IOException(
                    position + " is not understood: expected USER:HASH as htpasswd -B, -5, -m or -s writes it");
        }
        hashes.put(parts[0], parts[1]);
    }

    /** Returns whether this user was found to have this password before. Quick. */
    boolean remembers(String user, String password) {
        return current().right().contains(digest(user, password));
    }

    /** Returns whether this user has this password. May take a tenth of a second and more. */
    boolean knows(String user, String password) {
        Contents now = current();
        String hash = now.hashes().get(user);
        boolean right = Passwords.match(hash == null ? now.dummy() : hash, password) && hash != null;
        if (right && now.right().size() < REMEMBERED) {
            now.right().add(digest(user, password));
        }
        return right;
    }

    private Contents current() {
        Contents known = contents;
        long now = System.nanoTime();
        if (now - lookedAt < LOOK_NANOS) {
            return known;
        }
        lookedAt = now;
        try {
            if (!Files.getLastModifiedTime(path).equals(known.changed()) || Files.size(path) != known.size()) {
                known = read(path);
                contents = known;
            }
        } catch (IOException e) {
            logger.log(System.Logger.Level.WARNING, "users are those of before: " + e.getMessage());
        }
        return known;
    }

    private String digest(String user, String password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(user.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return HexFormat.of().formatHex(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("no HmacSHA256", e);
        }
    }
}
