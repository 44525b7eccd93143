package io.juwsgi.router.exchange;

import io.netty.channel.Channel;
import io.netty.channel.DefaultFileRegion;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedNioFile;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;

/** Sends a part of a file: with sendfile, or over TLS in parts that are read as the client takes them. */
final class FileWriter {
    /** As much as a TLS record holds. */
    private static final int PART = 16 * 1024;

    private FileWriter() {}

    /** Returns what to write to {@code channel}; it owns the file from here on. Used on the event loop. */
    static Object message(Channel channel, FileChannel file, long position, long count) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return new DefaultFileRegion(file, position, count);
        }
        if (channel.pipeline().get(ChunkedWriteHandler.class) == null) {
            channel.pipeline().addAfter(channel.pipeline().context(tls).name(), null, new ChunkedWriteHandler());
        }
        try {
            return new ChunkedNioFile(file, position, count, PART);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
