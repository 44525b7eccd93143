/** Listeners that speak TLS: their options, the handshake, what is known after it. Start at {@link io.juwsgi.router.tls.TlsAccept}. */
package io.juwsgi.router.tls;
