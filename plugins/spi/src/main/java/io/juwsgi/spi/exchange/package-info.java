/**
 * One request with its response, whatever protocol brought it. Start at {@link io.juwsgi.spi.exchange.Exchange}.
 */
package io.juwsgi.spi.exchange;
