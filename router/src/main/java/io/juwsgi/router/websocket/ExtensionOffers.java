package io.juwsgi.router.websocket;

import io.juwsgi.spi.exchange.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads Sec-WebSocket-Extensions (RFC 6455 section 9.1). Used once, by one thread. */
final class ExtensionOffers {
    /** The most offers that are looked at; browsers make one or two. */
    private static final int MOST = 16;

    /**
     * One extension that a client would speak.
     *
     * @param parameters values by name, empty for those without one
     * @param repeated whether a parameter was given twice
     */
    record Offer(String name, Map<String, String> parameters, boolean repeated) {}

    private final String text;
    private int at;

    private ExtensionOffers(String text) {
        this.text = text;
    }

    /** Returns the offers in the client's order; null when they do not follow the grammar. */
    static @Nullable List<Offer> of(Fields fields) {
        List<Offer> offers = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equalsIgnoreCase("sec-websocket-extensions")
                    && !new ExtensionOffers(fields.value(i)).into(offers)) {
                return null;
            }
        }
        return offers;
    }

    private boolean into(List<Offer> offers) {
        do {
            Offer offer = offer();
            if (offer == null || offers.size() == MOST) {
                return false;
            }
            offers.add(offer);
        } while (skips(','));
        return at == text.length();
    }

    private @Nullable Offer offer() {
        String name = token();
        Map<String, String> parameters = new LinkedHashMap<>();
        boolean repeated = false;
        while (!name.isEmpty() && skips(';')) {
            String parameter = token();
            String value = skips('=') ? value() : "";
            if (parameter.isEmpty() || value == null) {
                return null;
            }
            repeated |= parameters.put(parameter, value) != null;
        }
        return name.isEmpty() ? null : new Offer(name, parameters, repeated);
    }

    /** A token, or one in quotes; null for anything else. */
    private @Nullable String value() {
        boolean quoted = skips('"');
        String value = token();
        boolean closed = !quoted || (at < text.length() && text.charAt(at++) == '"');
        blanks();
        return value.isEmpty() || !closed ? null : value;
    }

    private String token() {
        blanks();
        int from = at;
        while (at < text.length() && isToken(text.charAt(at))) {
            at++;
        }
        String token = text.substring(from, at);
        blanks();
        return token;
    }

    private boolean skips(char wanted) {
        blanks();
        boolean there = at < text.length() && text.charAt(at) == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private void blanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    /** RFC 9110 section 5.6.2. */
    private static boolean isToken(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}
