/**
 * What the server and its components count, for operators: start at {@link io.juwsgi.cli.metrics.Metrics}, which asks everybody;
 * {@link io.juwsgi.cli.metrics.TextFormat} writes the answer as Prometheus reads it.
 */
package io.juwsgi.cli.metrics;
