package io.juwsgi.plugin.limits;

/** Checks that both records of settings make. */
final class Checks {
    private Checks() {}

    static void burst(int burst) {
        if (burst < 0 || burst > 1_000_000) {
            throw new IllegalArgumentException("burst: " + burst + " (expected: 0 to 1000000)");
        }
    }
}
