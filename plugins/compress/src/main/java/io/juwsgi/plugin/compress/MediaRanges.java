package io.juwsgi.plugin.compress;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Media types, and whole kinds of them. Immutable.
 *
 * @param types whole types in small letters
 * @param kinds what types begin with, {@code text/}
 * @param usual whether the usual ones are meant beside them
 */
record MediaRanges(Set<String> types, List<String> kinds, boolean usual) {
    private static final MediaRanges USUAL = new MediaRanges(
            Set.of(
                    "application/atom+xml",
                    "application/geo+json",
                    "application/graphql",
                    "application/javascript",
                    "application/json",
                    "application/ld+json",
                    "application/manifest+json",
                    "application/rss+xml",
                    "application/vnd.ms-fontobject",
                    "application/wasm",
                    "application/x-javascript",
                    "application/x-ndjson",
                    "application/x-web-app-manifest+json",
                    "application/xhtml+xml",
                    "application/xml",
                    "font/otf",
                    "font/ttf",
                    "image/bmp",
                    "image/svg+xml",
                    "image/vnd.microsoft.icon",
                    "image/x-icon"),
            List.of("text/"),
            true);

    /** Returns what the setting says, the usual ones when it says nothing. */
    static MediaRanges of(List<String> given) {
        if (given.isEmpty()) {
            return USUAL;
        }
        Set<String> types = new HashSet<>();
        List<String> kinds = given.stream()
                .filter(type -> type.endsWith("/*"))
                .map(type -> type.substring(0, type.length() - 1).toLowerCase(Locale.ROOT))
                .toList();
        given.forEach(type -> types.add(type.toLowerCase(Locale.ROOT)));
        return new MediaRanges(Set.copyOf(types), kinds, false);
    }

    /** Returns whether a Content-Type is one of them. */
    boolean hold(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
        if (types.contains(type) || (usual && (type.endsWith("+json") || type.endsWith("+xml")))) {
            return true;
        }
        for (int i = 0; i < kinds.size(); i++) {
            if (type.startsWith(kinds.get(i))) {
                return true;
            }
        }
        return false;
    }
}
