package io.juwsgi.spi.metric;

/**
 * A component that has numbers for operators. What a factory makes implements it beside its own type; the server asks the
 * components of the current configuration whenever somebody looks at the metrics.
 */
public interface MetricSource {

    /**
     * Tells the numbers as they are now. Called on a virtual thread, by several readers at once; it takes no lock that
     * requests wait for, and nothing of what clients sent is part of a name or a label.
     *
     * @param sink takes the numbers, during this call alone
     */
    void metrics(MetricSink sink);
}
