package io.juwsgi.plugin.ssl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * One part of a PEM text (RFC 7468). Text around parts is passed over, as OpenSSL writes it before certificates; headers
 * inside a part are those of an encrypted key and are refused. Immutable.
 */
final class Pem {
    /** More than any chain with its keys has, in bytes. */
    static final int LARGEST = 1024 * 1024;

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private final String label;
    private final byte[] der;

    Pem(String label, byte[] der) {
        this.label = label;
        this.der = der;
    }

    /** Returns what the part says it is, such as {@code CERTIFICATE}. */
    String label() {
        return label;
    }

    /** Returns the bytes inside, not copied. */
    byte[] der() {
        return der;
    }

    /** Says what is wrong with a PEM text, without its content. */
    static final class PemException extends Exception {
        private static final long serialVersionUID = 1;

        PemException(String message) {
            super(message);
        }
    }

    /** Reads a file, of at most {@link #LARGEST} bytes. */
    static List<Pem> read(Path file) throws IOException, PemException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST + 1);
        }
        if (bytes.length > LARGEST) {
            throw new PemException("the file is larger than " + LARGEST + " bytes (expected: PEM)");
        }
        return parse(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** Returns the parts of {@code text}, in order; none when it has none. */
    static List<Pem> parse(String text) throws PemException {
        List<Pem> parts = new ArrayList<>();
        String label = null;
        StringBuilder base64 = new StringBuilder();
        for (String line : text.lines().map(String::strip).toList()) {
            if (label == null) {
                if (line.startsWith(BEGIN) && line.endsWith(DASHES) && line.length() > BEGIN.length() + 5) {
                    label = line.substring(BEGIN.length(), line.length() - DASHES.length());
                    base64.setLength(0);
                }
            } else if (line.startsWith(END)) {
                if (!line.equals(END + label + DASHES)) {
                    throw new PemException("a part that begins as another one ends");
                }
                parts.add(new Pem(label, decoded(base64)));
                label = null;
            } else if (line.indexOf(':') >= 0) {
                throw new PemException("the key is encrypted (expected: one without passphrase)");
            } else {
                base64.append(line);
            }
        }
        if (label != null) {
            throw new PemException("a part has no end");
        }
        return parts;
    }

    private static byte[] decoded(CharSequence base64) throws PemException {
        try {
            return Base64.getDecoder().decode(base64.toString());
        } catch (IllegalArgumentException e) {
            throw new PemException("a part is not base64");
        }
    }
}
