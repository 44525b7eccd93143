package io.juwsgi.cache.named;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Passes a response on and puts its body into a cache when it has come to its end. What is longer than the cache takes, or is
 * sent from a file, is not stored. Owned by the exchange's event loop.
 */
final class StoringSink extends ForwardingSink {
    private final NamedCache cache;
    private final Bytes key;
    private final @Nullable Bytes gzipKey;
    private final long expires;
    private final int status;
    private @Nullable ByteArrayOutputStream copy;

    /**
     * Makes a sink.
     *
     * @param gzipKey where the body goes in compressed form besides, or null
     */
    StoringSink(ResponseSink sink, NamedCache cache, Bytes key, @Nullable Bytes gzipKey, long expires, int status) {
        super(sink);
        this.cache = cache;
        this.key = key;
        this.gzipKey = gzipKey;
        this.expires = expires;
        this.status = status;
    }

    @Override
    public void head(Response head) {
        if (head.status() == status) {
            copy = new ByteArrayOutputStream();
        }
        super.head(head);
    }

    @Override
    public void data(Chunk chunk) {
        ByteArrayOutputStream out = copy;
        if (out != null) {
            if (out.size() + (long) chunk.size() > cache.spec().longest()) {
                copy = null;
            } else {
                byte[] bytes = new byte[chunk.size()];
                chunk.bytes().get(bytes);
                out.writeBytes(bytes);
            }
        }
        super.data(chunk);
    }

    @Override
    public void file(FileRegion region) {
        copy = null;
        super.file(region);
    }

    @Override
    public void end() {
        ByteArrayOutputStream out = copy;
        if (out != null) {
            byte[] body = out.toByteArray();
            cache.put(key, body, expires, true);
            if (gzipKey != null) {
                cache.put(gzipKey, compressed(body), expires, true);
            }
        }
        super.end();
    }

    private static byte[] compressed(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
