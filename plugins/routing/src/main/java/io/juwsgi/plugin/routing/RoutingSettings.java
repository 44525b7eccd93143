package io.juwsgi.plugin.routing;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;

/**
 * How routes are matched.
 *
 * @param patternSteps how many characters a pattern that is not in the language of RE2 may look at
 */
@Doc("follow the routes; any route option turns it on")
record RoutingSettings(
        @Default("100000")
        @Doc("how many steps a pattern that RE2 cannot run may take; then the request is answered with 500")
        int patternSteps) {

    RoutingSettings {
        if (patternSteps < 100) {
            throw new IllegalArgumentException("patternSteps: " + patternSteps + " (expected: 100 or more)");
        }
    }
}
