/**
 * TLS: where keys and certificates come from, and what encrypts connections with them. Start at {@link
 * io.juwsgi.spi.tls.TlsProvider}.
 */
package io.juwsgi.spi.tls;
