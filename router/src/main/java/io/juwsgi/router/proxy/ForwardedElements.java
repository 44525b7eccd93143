package io.juwsgi.router.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the value of a Forwarded field (RFC 7239 section 4): elements with commas between them, pairs with semicolons. */
final class ForwardedElements {
    private final String text;
    private int at;

    private ForwardedElements(String text) {
        this.text = text;
    }

    /** Returns the elements, each as names in lower case and values by turns; null when the value is not valid. */
    static @Nullable List<List<String>> read(String value) {
        return new ForwardedElements(value).elements();
    }

    private @Nullable List<List<String>> elements() {
        List<List<String>> elements = new ArrayList<>(2);
        List<String> pairs = new ArrayList<>(6);
        while (true) {
            blanks();
            if (!pair(pairs)) {
                return null;
            }
            blanks();
            char next = at < text.length() ? text.charAt(at++) : ',';
            if (next == ',') {
                elements.add(pairs);
                pairs = new ArrayList<>(6);
                if (at >= text.length()) {
                    return elements;
                }
            } else if (next != ';') {
                return null;
            }
        }
    }

    private void blanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private boolean pair(List<String> pairs) {
        String name = token().toLowerCase(Locale.ROOT);
        if (name.isEmpty() || at >= text.length() || text.charAt(at) != '=') {
            return false;
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            if (pairs.get(i).equals(name)) {
                return false;
            }
        }
        at++;
        String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
        if (value == null || value.isEmpty()) {
            return false;
        }
        pairs.add(name);
        pairs.add(value);
        return true;
    }

    private String token() {
        int from = at;
        while (at < text.length() && isTokenChar(text.charAt(at))) {
            at++;
        }
        return text.substring(from, at);
    }

    private static boolean isTokenChar(char c) {
        return c > ' ' && c < 127 && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
    }

    private @Nullable String quoted() {
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return value.toString();
            }
            if (c == '\\' && ++at < text.length()) {
                c = text.charAt(at);
            }
            value.append(c);
        }
        return null;
    }
}
