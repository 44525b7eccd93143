package io.juwsgi.plugin.routing.action;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * A file of {@code USER:{SHA}BASE64} lines, as {@code htpasswd -s} writes it; read again when it has changed. Any event loop may
 * ask.
 */
final class PasswordFile {
    private static final String SHA = "{SHA}";

    private final Path path;
    private final System.Logger logger;
    private volatile Contents contents;

    private record Contents(FileTime changed, Map<String, byte[]> digests) {}

    private PasswordFile(Path path, System.Logger logger, Contents contents) {
        this.path = path;
        this.logger = logger;
        this.contents = contents;
    }

    /** Reads a file; throws {@link IllegalArgumentException} when it cannot be read or has passwords of another kind. */
    static PasswordFile of(Path path, System.Logger logger) {
        try {
            return new PasswordFile(path, logger, read(path));
        } catch (IOException e) {
            throw new IllegalArgumentException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Contents read(Path path) throws IOException {
        FileTime changed = Files.getLastModifiedTime(path);
        Map<String, byte[]> digests = new HashMap<>();
        int number = 0;
        for (String line : Files.readAllLines(path, StandardCharsets.ISO_8859_1)) {
            number++;
            int colon = line.indexOf(':');
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (colon < 1 || !line.startsWith(SHA, colon + 1)) {
                throw new IllegalArgumentException(
                        path + ":" + number + " is not understood (expected: USER:{SHA}..., as htpasswd -s writes it)");
            }
            digests.put(
                    line.substring(0, colon),
                    Base64.getDecoder()
                            .decode(line.substring(colon + 1 + SHA.length()).strip()));
        }
        return new Contents(changed, digests);
    }

    boolean knows(String user, String password) {
        byte[] wanted = current().get(user);
        byte[] given = digest(password);
        return wanted != null && MessageDigest.isEqual(wanted, given);
    }

    private Map<String, byte[]> current() {
        Contents known = contents;
        try {
            if (!Files.getLastModifiedTime(path).equals(known.changed())) {
                known = read(path);
                contents = known;
            }
        } catch (IOException | IllegalArgumentException e) {
            logger.log(System.Logger.Level.WARNING, "users are those of before: " + e.getMessage());
        }
        return known.digests();
    }

    private static byte[] digest(String password) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(password.getBytes(StandardCharsets.ISO_8859_1));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("no SHA-1", e);
        }
    }
}
