package io.juwsgi.plugin.compress;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Brotli (RFC 7932), by a native library.
 *
 * @param level 0 to 11
 */
record Brotli(int level) implements Coding {
    /** 256 KiB: what a stream costs in memory, and enough for pages. */
    private static final int WINDOW = 18;

    /** Returns why the library cannot be used; null when it can. It is loaded by that. */
    static @Nullable Throwable trouble() {
        return Brotli4jLoader.isAvailable() ? null : Brotli4jLoader.getUnavailabilityCause();
    }

    @Override
    public String name() {
        return "br";
    }

    @Override
    public OutputStream begin(OutputStream compressed) throws IOException {
        return new BrotliOutputStream(compressed, Encoder.Parameters.create(level, WINDOW));
    }
}
