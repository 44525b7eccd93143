package io.juwsgi.plugin.redis;

import io.juwsgi.spi.cache.CacheStore.Removal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What servers tell each other: {@code SENDER KIND ARGUMENT}. Whoever can publish in Redis can make caches forget, and
 * nothing else.
 *
 * @param sender who removed something
 * @param removal what
 */
record RemovalMessage(String sender, Removal removal) {
    private static final int LONGEST = 16 * 1024;

    private static final String EXPIRED = "expired-";

    byte[] bytes() {
        return (sender + " " + text(removal)).getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Removal removal) {
        return switch (removal) {
            case Removal.Key(String key) -> "key " + key;
            case Removal.Prefix(String prefix) -> "prefix " + prefix;
            case Removal.Tagged(String tag) -> "tag " + tag;
            case Removal.All() -> "all ";
            case Removal.Expired(Removal what) -> EXPIRED + text(what);
        };
    }

    /** Returns what bytes say, null when they say nothing. */
    static @Nullable RemovalMessage of(byte[] bytes) {
        String text = bytes.length > LONGEST ? "" : new String(bytes, StandardCharsets.UTF_8);
        int first = text.indexOf(' ');
        int second = text.indexOf(' ', first + 1);
        if (first < 0 || second < 0) {
            return null;
        }
        String argument = text.substring(second + 1);
        String kind = text.substring(first + 1, second);
        boolean expired = kind.startsWith(EXPIRED);
        Removal removal = removal(expired ? kind.substring(EXPIRED.length()) : kind, argument);
        return removal == null
                ? null
                : new RemovalMessage(text.substring(0, first), expired ? new Removal.Expired(removal) : removal);
    }

    private static @Nullable Removal removal(String kind, String argument) {
        return switch (kind) {
            case "key" -> new Removal.Key(argument);
            case "prefix" -> new Removal.Prefix(argument);
            case "tag" -> new Removal.Tagged(argument);
            case "all" -> new Removal.All();
            default -> null;
        };
    }
}
