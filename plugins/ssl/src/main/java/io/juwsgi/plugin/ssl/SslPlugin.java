package io.juwsgi.plugin.ssl;

import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;
import io.juwsgi.spi.extension.Extension;

/** Brings the TLS provider {@code tls}: keys and certificates in PEM files. */
public final class SslPlugin implements Plugin {

    /** Makes the plugin; {@link #register} does the work. */
    public SslPlugin() {}

    @Override
    public String name() {
        return "ssl";
    }

    @Override
    public Standing standing() {
        return new Standing(Standing.Status.STABLE, Standing.Trust.HARDENED);
    }

    @Override
    public void register(Extensions extensions) {
        extensions.options(SniOptions.all());
        extensions.tls(new Extension<>("tls", TlsSettings.class, PemTlsProvider::new));
    }
}
