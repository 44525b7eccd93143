/**
 * Where log lines go and how they look: a {@link io.juwsgi.spi.log.Logger} takes lines, a {@link
 * io.juwsgi.spi.log.LogEncoder} shapes them. Lines come in through {@code io.juwsgi.spi.LogSink}.
 */
package io.juwsgi.spi.log;
