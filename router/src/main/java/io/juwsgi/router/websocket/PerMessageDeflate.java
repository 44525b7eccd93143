package io.juwsgi.router.websocket;

import io.juwsgi.router.exchange.WebSocketLimits.Deflate;
import io.juwsgi.router.websocket.ExtensionOffers.Offer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The compression of messages that both ends agreed on (RFC 7692 section 7).
 *
 * @param serverContext whether our messages may refer to earlier ones
 * @param clientContext whether the client's may
 * @param serverBits how far back ours may refer, as a power of two: 8 to 15
 */
record PerMessageDeflate(boolean serverContext, boolean clientContext, int serverBits) {
    static final String NAME = "permessage-deflate";

    /** What the JDK's deflater uses. */
    static final int MOST_BITS = 15;

    private static final int LEAST_BITS = 8;

    /** Returns what answers the first offer that can be met; null when none can, or none is to be. */
    static @Nullable PerMessageDeflate answer(List<Offer> offers, Deflate wanted) {
        if (wanted == Deflate.OFF) {
            return null;
        }
        for (Offer offer : offers) {
            PerMessageDeflate agreed = offer.name().equals(NAME) && !offer.repeated()
                    ? answer(offer.parameters(), wanted == Deflate.CONTEXT)
                    : null;
            if (agreed != null) {
                return agreed;
            }
        }
        return null;
    }

    private static @Nullable PerMessageDeflate answer(Map<String, String> parameters, boolean context) {
        boolean serverContext = context;
        boolean clientContext = context;
        int bits = MOST_BITS;
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            String value = parameter.getValue();
            boolean valid = true;
            switch (parameter.getKey()) {
                case "server_no_context_takeover" -> {
                    serverContext = false;
                    valid = value.isEmpty();
                }
                case "client_no_context_takeover" -> {
                    clientContext = false;
                    valid = value.isEmpty();
                }
                // Only a hint: a client may use the largest window as long as the answer names none.
                case "client_max_window_bits" -> valid = value.isEmpty() || bits(value) > 0;
                case "server_max_window_bits" -> {
                    bits = bits(value);
                    valid = bits > 0;
                }
                default -> valid = false;
            }
            if (!valid) {
                return null;
            }
        }
        return new PerMessageDeflate(serverContext && bits == MOST_BITS, clientContext, bits);
    }

    /** Returns a size of a window without leading zeros; -1 for anything else. */
    private static int bits(String value) {
        for (int bits = LEAST_BITS; bits <= MOST_BITS; bits++) {
            if (value.equals(Integer.toString(bits))) {
                return bits;
            }
        }
        return -1;
    }

    /** Returns the value of the answer's field. */
    String field() {
        return NAME
                + (serverContext ? "" : "; server_no_context_takeover")
                + (clientContext ? "" : "; client_no_context_takeover")
                + (serverBits == MOST_BITS ? "" : "; server_max_window_bits=" + serverBits);
    }
}
