package io.juwsgi.testkit;

import io.juwsgi.spi.balance.Endpoint;
import java.util.ArrayList;
import java.util.List;

/** An endpoint whose numbers a test sets. Used on the test's thread. */
public final class TestEndpoint implements Endpoint {
    private final String address;
    private final int weight;
    private int inFlight;
    private long latency;
    private double part = 1;

    private TestEndpoint(String address, int weight) {
        this.address = address;
        this.weight = weight;
    }

    /** Makes one. */
    public static TestEndpoint of(String address, int weight) {
        return new TestEndpoint(address, weight);
    }

    /** Makes one for each weight, at {@code 10.0.0.1:9000} and on. */
    public static List<TestEndpoint> all(int... weights) {
        List<TestEndpoint> all = new ArrayList<>();
        for (int weight : weights) {
            all.add(new TestEndpoint("10.0.0." + (all.size() + 1) + ":9000", weight));
        }
        return all;
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public int weight() {
        return weight;
    }

    @Override
    public double share(long nanoTime) {
        return weight * part;
    }

    /** Sets which part of its weight counts, above 0 to 1; returns this. */
    public TestEndpoint part(double share) {
        part = share;
        return this;
    }

    @Override
    public int inFlight() {
        return inFlight;
    }

    /** Sets how many requests it has; returns this. */
    public TestEndpoint inFlight(int requests) {
        inFlight = requests;
        return this;
    }

    @Override
    public long latencyNanos(long nanoTime) {
        return latency;
    }

    /** Sets its latency in nanoseconds; returns this. */
    public TestEndpoint latency(long nanos) {
        latency = nanos;
        return this;
    }

    @Override
    public String toString() {
        return address;
    }
}
