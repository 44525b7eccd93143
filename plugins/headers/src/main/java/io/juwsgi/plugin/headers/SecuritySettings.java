package io.juwsgi.plugin.headers;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import java.time.Duration;

/**
 * The usual header fields that make browsers careful.
 *
 * @param hsts how long browsers are to come by https only; zero for no such field
 * @param hstsSubdomains whether that goes for all subdomains too
 * @param frameOptions who may show the page in a frame
 * @param referrerPolicy what browsers tell other sites; empty for no such field
 * @param csp where pages may get what from; {@code self} for the site itself alone, empty for no such field
 */
@Doc("send the usual header fields that make browsers careful")
record SecuritySettings(
        @Default("365d") @Doc("how long browsers are to come by https only, sent over https; 0 for not at all")
        Duration hsts,

        @Doc("let that go for all subdomains too") boolean hstsSubdomains,

        @Default("sameorigin") @Doc("who may show the page in a frame")
        FrameOptions frameOptions,

        @Default("strict-origin-when-cross-origin") @Doc("what browsers tell other sites; empty for no such field")
        String referrerPolicy,

        @Default("") @Doc("a Content-Security-Policy; self: scripts, styles and all else of the site itself alone")
        String csp) {

    /** No inline scripts, no plugins, no other site's frames, forms to the site itself. */
    private static final String SELF =
            "default-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self';" + " frame-ancestors 'self'";

    /** Who may show a page in a frame. */
    enum FrameOptions {
        DENY,
        SAMEORIGIN,
        OFF
    }

    SecuritySettings {
        if (!referrerPolicy.chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '-' || c == ',' || c == ' ')) {
            throw new IllegalArgumentException(
                    "referrerPolicy: " + referrerPolicy + " (expected: a policy such as no-referrer)");
        }
        if (!csp.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("csp: " + csp + " (expected: a policy of printable ASCII)");
        }
        csp = csp.equals("self") ? SELF : csp;
    }
}
