package io.juwsgi.spi.metric;

/**
 * Takes numbers from a {@link MetricSource}.
 *
 * <p>Names follow Prometheus: lower-case letters, digits and underscores, with the unit at the end ({@code cache_bytes},
 * {@code upstream_latency_seconds}), without the program's prefix, which the server puts in front, and without {@code
 * _total}, which it puts behind counters. A name has one kind and the same label names each time. Labels are pairs of name
 * and value: {@code "upstream", "api", "endpoint", "127.0.0.1:80"}.
 *
 * <p>Both methods throw {@link IllegalArgumentException} when a name has another form or a label has no value.
 */
public interface MetricSink {

    /** Takes a number that only grows, since the server's start. */
    void counter(String name, String help, long value, String... labels);

    /** Takes a number that goes up and down. */
    void gauge(String name, String help, double value, String... labels);
}
