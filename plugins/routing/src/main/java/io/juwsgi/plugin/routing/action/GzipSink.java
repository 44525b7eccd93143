package io.juwsgi.plugin.routing.action;

import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Compresses a body, unless the application already did. Owned by the exchange's event loop. */
final class GzipSink extends TransformingSink {
    private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    private @Nullable GZIPOutputStream gzip;

    GzipSink(ResponseSink sink) {
        super(sink);
    }

    @Override
    public void head(Response head) {
        boolean hasBody = head.status() != 204 && head.status() != 304;
        if (hasBody && !head.fields().contains("content-encoding")) {
            head.fields().remove("content-length");
            head.fields().add("Content-Encoding", "gzip");
            head.fields().add("Vary", "Accept-Encoding");
            try {
                gzip = new GZIPOutputStream(compressed, true);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        super.head(head);
    }

    @Override
    void bytes(byte[] bytes) {
        GZIPOutputStream out = gzip;
        if (out == null) {
            pass(bytes);
            return;
        }
        try {
            out.write(bytes);
            // Nothing that the application has sent waits here for more to come.
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        passCompressed();
    }

    private void passCompressed() {
        byte[] ready = compressed.toByteArray();
        compressed.reset();
        pass(ready);
    }

    @Override
    public void end() {
        GZIPOutputStream out = gzip;
        if (out != null) {
            try {
                out.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            passCompressed();
        }
        super.end();
    }
}
