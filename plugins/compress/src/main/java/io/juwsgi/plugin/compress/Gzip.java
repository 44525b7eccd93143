package io.juwsgi.plugin.compress;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The JDK's gzip (RFC 1952).
 *
 * @param level 1 to 9
 */
record Gzip(int level) implements Coding {
    private static final int BUFFER = 8192;

    @Override
    public String name() {
        return "gzip";
    }

    @Override
    public OutputStream begin(OutputStream compressed) throws IOException {
        return new Leveled(compressed, level);
    }

    /** The constructor takes no level. */
    private static final class Leveled extends GZIPOutputStream {
        Leveled(OutputStream out, int level) throws IOException {
            super(out, BUFFER, true);
            def.setLevel(level);
        }
    }
}
