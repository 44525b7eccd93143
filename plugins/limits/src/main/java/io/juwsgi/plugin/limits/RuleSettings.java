package io.juwsgi.plugin.limits;

import io.juwsgi.config.typed.Default;

/**
 * A limit with a name.
 *
 * @param path the paths that it counts, with what is below them
 * @param rate how often
 * @param burst how many at once, 0 for as many as the rate names
 * @param by whom it counts
 */
record RuleSettings(
        @Default("/") String path,
        String rate,
        @Default("0") int burst,
        @Default("address") String by) {

    RuleSettings {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path: " + path + " (expected: beginning with a slash)");
        }
        var _ = Rate.parse("rate", rate);
        Checks.burst(burst);
        var _ = Subject.parse(by);
    }
}
