package io.juwsgi.plugin.compress;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Zstandard (RFC 8878), by a native library.
 *
 * @param level 1 to 19
 */
record Zstd(int level) implements Coding {
    /** 512 KiB: what a stream costs in memory, and far below the 8 MiB that a client may refuse (RFC 9659). */
    private static final int WINDOW = 19;

    /** Returns why the library cannot be used; null when it can. It is loaded by that. */
    static @Nullable Throwable trouble() {
        try {
            Native.load();
            return null;
        } catch (LinkageError e) {
            return e;
        }
    }

    @Override
    public String name() {
        return "zstd";
    }

    @Override
    public OutputStream begin(OutputStream compressed) throws IOException {
        return new ZstdOutputStreamNoFinalizer(compressed, level).setWindowLog(WINDOW);
    }
}
