/**
 * TLS for listeners: PEM files, certificates, engines. Start at {@link io.juwsgi.plugin.ssl.SslPlugin}, then {@link
 * io.juwsgi.plugin.ssl.PemTlsProvider}.
 */
package io.juwsgi.plugin.ssl;
