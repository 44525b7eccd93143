package io.juwsgi.router.exchange;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** The ways to end a connection that look different to a client when it is encrypted. Used on the event loop. */
final class ChannelEnd {
    private ChannelEnd() {}

    /** Says that nothing more comes and keeps listening; encrypted, with the alert that proves it was meant. */
    static void endOutput(DuplexChannel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            var _ = channel.shutdownOutput();
        } else {
            var _ = tls.closeOutbound().addListener(sent -> {
                var _ = channel.shutdownOutput();
            });
        }
    }

    /**
     * Closes at once, past every handler: TLS would send the alert that makes a response without a length look complete, HTTP/2
     * would close later, which is never when the event loop ends.
     */
    static void cut(Channel channel) {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        var _ = first == null ? channel.close() : first.close();
    }
}
