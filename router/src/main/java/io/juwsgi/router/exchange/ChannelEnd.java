package io.juwsgi.router.exchange;

import io.netty.channel.Channel;
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

    /** Closes without the alert that would make a response without a length look complete. */
    static void cut(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            var _ = channel.close();
        } else {
            var _ = channel.pipeline().context(tls).close();
        }
    }
}
