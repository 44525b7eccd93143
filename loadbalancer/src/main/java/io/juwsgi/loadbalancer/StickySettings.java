package io.juwsgi.loadbalancer;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of the cookie that keeps a client with its endpoint.
 *
 * @param name the cookie's name
 * @param maxAge how long browsers keep it; until they are closed when empty
 */
@Doc("keep each client with the endpoint that answered it first, by a cookie")
record StickySettings(
        @Default("JUWSGIROUTE") @Doc("the cookie's name") String name,

        @Doc("how long browsers keep the cookie; until they are closed when not set")
        Optional<Duration> maxAge) {

    StickySettings {
        if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException("name: " + name + " (expected: letters, digits, dashes, underscores)");
        }
    }
}
