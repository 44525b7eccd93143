package io.juwsgi.router.websocket;

import io.juwsgi.router.exchange.WebSocketLimits.Deflate;
import io.juwsgi.router.websocket.ExtensionOffers.Offer;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The opening handshake (RFC 6455 section 4.2).
 *
 * @param accept the answer to the client's key
 * @param protocol the subprotocol that both speak, or null
 * @param deflate the compression that both speak, or null
 */
public record Handshake(
        String accept, @Nullable String protocol, @Nullable PerMessageDeflate deflate) {
    /** The only protocol that takes HTTP's place here, as Upgrade and {@code :protocol} name it. */
    public static final String WEBSOCKET = "websocket";

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String VERSION = "13";
    private static final int KEY_BYTES = 16;

    /** Returns the handshake that a request asks for; null when it asks for none, or not as the RFC wants it. */
    public static @Nullable Handshake of(Request request, List<String> protocols, Deflate deflate) {
        String key = key(request);
        List<Offer> offers = key == null ? null : ExtensionOffers.of(request.fields());
        if (key == null || offers == null) {
            return null;
        }
        return new Handshake(
                accept(key), chosen(request.fields(), protocols), PerMessageDeflate.answer(offers, deflate));
    }

    /** Returns whether a request asks for a WebSocket as the RFC wants it. */
    public static boolean asked(Request request) {
        return request.fields().contains("upgrade") && key(request) != null;
    }

    /** Returns a key for a request that came without one: HTTP/2 needs none. */
    public static String newKey() {
        byte[] any = new byte[KEY_BYTES];
        ThreadLocalRandom.current().nextBytes(any);
        return Base64.getEncoder().encodeToString(any);
    }

    private static @Nullable String key(Request request) {
        Fields fields = request.fields();
        String key = fields.first("sec-websocket-key");
        // Of HTTP/2 the front makes the same request as it would be in HTTP/1.1.
        boolean version =
                request.protocol().equals("HTTP/1.1") || request.protocol().equals("HTTP/2.0");
        boolean asked = request.method().equals("GET")
                && version
                && has(fields, "upgrade", WEBSOCKET)
                && has(fields, "connection", "upgrade")
                && VERSION.equals(fields.first("sec-websocket-version"));
        return asked && key != null && isKey(key) ? key : null;
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Returns the answer to a client's key. */
    public static String accept(String key) {
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

    /** Returns the answer; the front adds what its version of HTTP has for leaving it. */
    public Response answer() {
        Fields fields = new Fields(3);
        fields.add("Sec-WebSocket-Accept", accept);
        if (protocol != null) {
            fields.add("Sec-WebSocket-Protocol", protocol);
        }
        if (deflate != null) {
            fields.add("Sec-WebSocket-Extensions", deflate.field());
        }
        return new Response(101, "", fields);
    }
}
