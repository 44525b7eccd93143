package io.juwsgi.spi.metric;

/**
 * Takes numbers from a {@link MetricSource}.
 *
 * <p>Names follow Prometheus: lower-case letters, digits and underscores, with the unit at the end ({@code cache_bytes},
 * {@code upstream_latency_seconds}), without the program's prefix, which the server puts in front, and without {@code
 * _total}, which it puts behind counters. A name has one kind and the same label names each time. Labels are pairs of name
 * and value: {@code "upstream", "api", "endpoint", "127.0.0.1:80"}.
 *
 * <p>All methods throw {@link IllegalArgumentException} when a name has another form, a label has no value, or the same name
 * with the same labels was told before; and {@link IllegalStateException} when the call that they were for is over.
 */
public interface MetricSink {

    /** Takes a number that only grows, since the server's start. */
    void counter(String name, String help, long value, String... labels);

    /** Takes a number that only grows and has a fraction, such as seconds of work since the server's start. */
    void counter(String name, String help, double value, String... labels);

    /** Takes a number that goes up and down. */
    void gauge(String name, String help, long value, String... labels);

    /** Takes a number that goes up and down and has a fraction. */
    void gauge(String name, String help, double value, String... labels);

    /** Takes how many of something were how large, since the server's start. */
    void histogram(String name, String help, Histogram value, String... labels);
}
