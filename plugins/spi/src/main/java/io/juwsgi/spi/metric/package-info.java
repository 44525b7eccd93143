/**
 * What components count and measure. Start at {@link io.juwsgi.spi.metric.MetricSource}.
 */
package io.juwsgi.spi.metric;
