package io.juwsgi.router;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import io.juwsgi.router.exchange.Front;
import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.http1.Http1Connection;
import io.juwsgi.router.http2.MultiplexConnection;
import io.juwsgi.router.tls.TlsAccept;
import io.juwsgi.router.tls.TlsAddress;
import io.juwsgi.router.tls.TlsOptions;
import io.juwsgi.router.uwsgi.UwsgiConnection;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.tls.TlsContext;
import io.juwsgi.spi.tls.TlsListener;
import io.juwsgi.spi.tls.TlsProvider;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Binds the listeners that speak TLS. Used on the main thread. */
final class TlsListeners {
    /** ALPN's name of HTTP/2 (RFC 9113 section 3.2). */
    private static final String H2 = "h2";

    private static final Handler NO_TLS = exchange -> exchange.fail(
            Failure.client(400, "plain-http", "This port speaks TLS: the address begins with https, not with http."));

    private final Settings settings;
    private final @Nullable TlsProvider provider;
    private final Opener opener;

    /** Opens a listener; {@code first} makes what the connections begin with. */
    @FunctionalInterface
    interface Opener {
        void open(String option, String protocol, String address, Listeners.Protocol first);
    }

    TlsListeners(Settings settings, @Nullable TlsProvider provider, Opener opener) {
        this.settings = settings;
        this.provider = provider;
        this.opener = opener;
    }

    void bind() {
        List<String> http = FrontSettings.http2(settings) ? List.of(H2, "http/1.1") : List.of("http/1.1");
        bind(TlsOptions.HTTPS, "https", http, Http1Connection::new);
        bind(TlsOptions.HTTPS2, "https", http, Http1Connection::new);
        bind(TlsOptions.HTTPS_SOCKET, "https", http, Http1Connection::new);
        bind(TlsOptions.SUWSGI_SOCKET, "suwsgi", List.of(), UwsgiConnection::new);
    }

    private void bind(Option<List<String>> option, String name, List<String> offered, Listeners.Protocol protocol) {
        long handshakeMillis = handshakeMillis();
        boolean export = settings.get(TlsOptions.EXPORT_CERTIFICATE);
        for (String text : settings.get(option)) {
            TlsAddress parsed = option.equals(TlsOptions.HTTPS2)
                    ? TlsAddress.parseNamed(option.name(), text)
                    : TlsAddress.parse(option.name(), text);
            TlsContext context = context(new TlsListener(option.name(), parsed.address(), parsed.identity(), offered));
            opener.open(
                    option.name(),
                    name,
                    parsed.address(),
                    (channel, front, loop) ->
                            new TlsAccept(context, new Agreed(protocol, front, loop), handshakeMillis, export));
        }
    }

    private long handshakeMillis() {
        int seconds = settings.get(TlsOptions.HANDSHAKE_TIMEOUT);
        if (seconds < 1) {
            throw new ConfigException("--https-handshake-timeout " + seconds + ": expected at least 1 second");
        }
        return seconds * 1000L;
    }

    private TlsContext context(TlsListener listener) {
        if (provider == null) {
            throw new ConfigException(
                    "--" + listener.option() + " " + listener.address() + ": no plugin brings TLS (expected: one)");
        }
        return provider.context(listener, settings);
    }

    /** What goes on with one connection after its handshake. */
    private record Agreed(Listeners.Protocol protocol, Front front, LoopContext loop) implements TlsAccept.Protocols {
        @Override
        public ChannelHandler encrypted(Channel channel, @Nullable String agreed) {
            return H2.equals(agreed)
                    ? new MultiplexConnection(channel, front, loop)
                    : protocol.connection(channel, front, loop);
        }

        @Override
        public ChannelHandler plain(Channel channel) {
            Front refusing = front.with(request -> NO_TLS);
            return protocol.connection(channel, refusing, loop);
        }
    }
}
