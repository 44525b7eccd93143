package io.juwsgi.router.websocket;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The opening handshake (RFC 6455 section 4.2).
 *
 * @param accept the answer to the client's key
 * @param protocol the subprotocol that both speak, or null
 */
public record Handshake(String accept, @Nullable String protocol) {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String VERSION = "13";
    private static final int KEY_BYTES = 16;

    /** Returns the handshake that a request asks for; null when it asks for none, or not as the RFC wants it. */
    public static @Nullable Handshake of(Request request, List<String> protocols) {
        Fields fields = request.fields();
        String key = fields.first("sec-websocket-key");
        boolean asked = request.method().equals("GET")
                && request.protocol().equals("HTTP/1.1")
                && has(fields, "upgrade", "websocket")
                && has(fields, "connection", "upgrade")
                && VERSION.equals(fields.first("sec-websocket-version"));
        if (!asked || key == null || !isKey(key)) {
            return null;
        }
        return new Handshake(accept(key), chosen(fields, protocols));
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private static boolean has(Fields fields, String name, String token) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equalsIgnoreCase(name)) {
                for (String word : fields.value(i).split(",", -1)) {
                    if (word.strip().equalsIgnoreCase(token)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static @Nullable String chosen(Fields fields, List<String> protocols) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equalsIgnoreCase("sec-websocket-protocol")) {
                for (String word : fields.value(i).split(",", -1)) {
                    if (protocols.contains(word.strip())) {
                        return word.strip();
                    }
                }
            }
        }
        return null;
    }

    /** Returns the answer's head as it goes over the wire. */
    public String head() {
        String chosen = protocol == null ? "" : "Sec-WebSocket-Protocol: " + protocol + "\r\n";
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + accept + "\r\n" + chosen + "\r\n";
    }
}
