import org.jspecify.annotations.NullMarked;

/** Compression of responses: zstd, brotli and gzip. */
@NullMarked
module io.juwsgi.plugin.compress {
    requires com.aayushatharva.brotli4j;
    requires com.github.luben.zstd_jni;
    requires io.juwsgi.spi;
    requires static transitive org.jspecify;

    // The records of settings.
    opens io.juwsgi.plugin.compress to
            io.juwsgi.config;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.plugin.compress.CompressPlugin;
}
