package io.juwsgi.cli.log;

/** The time of day for log lines. */
final class Clock {
    private Clock() {}

    /** Returns microseconds since 1970; the last three digits are 0, which is exact enough for a log and costs less. */
    static long micros() {
        return System.currentTimeMillis() * 1000;
    }
}
