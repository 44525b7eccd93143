package io.juwsgi.plugin.routing.pattern;

import java.nio.charset.StandardCharsets;

/** Text of the configuration in the form that requests have: each char one byte. */
public final class Latin1 {
    private Latin1() {}

    /** Returns the bytes of a text in UTF-8, each as one char. */
    public static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            }
        }
        return text;
    }

    /** Returns the bytes of a text whose chars are bytes. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
