package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.FileRegion;
import io.netty.channel.Channel;
import io.netty.channel.DefaultFileRegion;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedNioFile;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Sends a part of a file: with sendfile, or over TLS in parts that are read as the client takes them. */
final class FileWriter {
    /** As much as a TLS record holds. */
    private static final int PART = 16 * 1024;

    private FileWriter() {}

    /** Returns what to write to {@code channel}; it owns the region from here on. Used on the event loop. */
    static Object message(Channel channel, FileRegion region, long count) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return new Sent(region, count);
        }
        if (channel.pipeline().get(ChunkedWriteHandler.class) == null) {
            channel.pipeline().addAfter(channel.pipeline().context(tls).name(), null, new ChunkedWriteHandler());
        }
        try {
            return new Encrypted(region, count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A region that the kernel sends; it is given back to its owner. */
    private static final class Sent extends DefaultFileRegion {
        private final FileRegion region;

        Sent(FileRegion region, long count) {
            super(region.channel(), region.position(), count);
            this.region = region;
        }

        @Override
        protected void deallocate() {
            region.close();
        }
    }

    /** A region that is read in parts; it is given back to its owner. */
    private static final class Encrypted extends ChunkedNioFile {
        private final FileRegion region;

        Encrypted(FileRegion region, long count) throws IOException {
            super(region.channel(), region.position(), count, PART);
            this.region = region;
        }

        @Override
        public void close() {
            region.close();
        }
    }
}
