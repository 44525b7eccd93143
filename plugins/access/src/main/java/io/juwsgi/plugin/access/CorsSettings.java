package io.juwsgi.plugin.access;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import java.time.Duration;
import java.util.List;

/**
 * What pages of other sites may ask.
 *
 * @param origins whose pages
 * @param methods with which methods
 * @param headers with which fields
 * @param expose which fields of responses they may read
 * @param credentials whether with cookies and passwords
 * @param maxAge how long browsers remember that
 * @param paths where; empty for everywhere
 */
@Doc("let pages of other sites ask (CORS)")
record CorsSettings(
        @Doc("whose pages may ask: https://app.example, https://*.example.org, or * for all")
        List<String> origins,

        @Doc("a method beside GET, HEAD and POST that they may use, or * for all")
        List<String> methods,

        @Doc("a request field that they may send, or * for all")
        List<String> headers,

        @Doc("a response field that they may read beside the usual ones")
        List<String> expose,

        @Doc("let them send cookies and passwords") boolean credentials,

        @Default("10m") @Doc("how long browsers remember what is allowed")
        Duration maxAge,

        @Doc("allow it below this path alone, not everywhere")
        List<String> paths) {

    CorsSettings {
        if (origins.isEmpty()) {
            throw new IllegalArgumentException("origins: none (expected: at least one, such as https://app.example)");
        }
        origins.forEach(origin -> Origins.check(origin, credentials));
        tokens("methods", methods);
        tokens("headers", headers);
        tokens("expose", expose);
        var _ = Paths.of("paths", paths);
    }

    private static void tokens(String component, List<String> given) {
        for (String text : given) {
            if (!text.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
                throw new IllegalArgumentException(component + ": " + text + " (expected: one name, or *)");
            }
        }
    }
}
