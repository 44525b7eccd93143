package io.juwsgi.plugin.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The connections to Redis, one for commands and perhaps one for messages, each made again when it is lost. Any thread may use
 * it; its callbacks come on Lettuce's threads.
 */
final class RedisLink implements AutoCloseable {
    /** Lettuce tells of each attempt to connect; the breaker tells once. Held here, since loggers that nobody holds forget. */
    private static final Logger LETTUCE = Logger.getLogger("io.lettuce");

    static {
        LETTUCE.setLevel(Level.OFF);
    }

    private static final System.Logger LOG = System.getLogger(RedisLink.class.getName());
    private static final long RETRY_MILLIS = 500;
    /** However long it was away, a Redis that is back is found this soon. */
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(1);
    /** How often a cluster is asked who holds what, and how soon again when something points to a change. */
    private static final Duration TOPOLOGY_PERIOD = Duration.ofSeconds(15);

    private static final Duration TOPOLOGY_PAUSE = Duration.ofSeconds(1);
    /** More commands than this do not wait for a slow server. */
    private static final int QUEUE = 4096;

    private final ClientResources resources = ClientResources.builder()
            .reconnectDelay(Delay.exponential(Duration.ofMillis(1), LONGEST_RETRY, 2, TimeUnit.MILLISECONDS))
            .build();
    private final AbstractRedisClient client;
    private final List<RedisURI> uris;
    private final byte[] channel;
    private final Consumer<byte[]> messages;
    private final Runnable missed;
    private volatile @Nullable RedisClusterAsyncCommands<byte[], byte[]> commands;
    private final CompletableFuture<@Nullable Void> tried = new CompletableFuture<>();
    private volatile boolean closed;

    /**
     * Begins to connect.
     *
     * @param channel where messages are
     * @param messages takes them
     * @param missed is called when some may have been missed
     * @throws IOException when the password cannot be read
     */
    RedisLink(RedisSettings settings, byte[] channel, Consumer<byte[]> messages, Runnable missed) throws IOException {
        this(settings, channel, messages, missed, true);
    }

    /**
     * Begins to connect, for commands alone.
     *
     * @throws IOException when the password cannot be read
     */
    static RedisLink forCommands(RedisSettings settings) throws IOException {
        return new RedisLink(settings, new byte[0], message -> {}, () -> {}, false);
    }

    private RedisLink(
            RedisSettings settings, byte[] channel, Consumer<byte[]> messages, Runnable missed, boolean listens)
            throws IOException {
        this.uris = settings.uris();
        this.channel = channel;
        this.messages = messages;
        this.missed = missed;
        client = settings.cluster()
                ? cluster(RedisClusterClient.create(resources, uris), settings)
                : single(RedisClient.create(resources), settings);
        connect();
        if (listens) {
            listen(true);
        }
    }

    private static RedisClusterClient cluster(RedisClusterClient made, RedisSettings settings) {
        ClusterClientOptions.Builder options = ClusterClientOptions.builder()
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(TOPOLOGY_PERIOD)
                        .adaptiveRefreshTriggersTimeout(TOPOLOGY_PAUSE)
                        .build());
        options(options, settings);
        made.setOptions(options.build());
        return made;
    }

    private static RedisClient single(RedisClient made, RedisSettings settings) {
        ClientOptions.Builder options = ClientOptions.builder();
        options(options, settings);
        made.setOptions(options.build());
        return made;
    }

    private static void options(ClientOptions.Builder options, RedisSettings settings) {
        options.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(QUEUE)
                .timeoutOptions(TimeoutOptions.enabled(settings.timeout()))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(settings.timeout().multipliedBy(8))
                        .keepAlive(true)
                        .build());
        settings.ca()
                .ifPresent(file -> options.sslOptions(SslOptions.builder()
                        .jdkSslProvider()
                        .trustManager(file.toFile())
                        .build()));
    }

    private void connect() {
        connecting().whenComplete((connection, thrown) -> {
            if (connection == null) {
                LOG.log(System.Logger.Level.DEBUG, "connecting to redis", thrown);
                later(this::connect);
            } else if (closed) {
                var _ = connection.closeAsync();
            } else {
                commands = commandsOf(connection);
            }
            tried.complete(null);
        });
    }

    private CompletionStage<? extends StatefulConnection<byte[], byte[]>> connecting() {
        return client instanceof RedisClusterClient cluster
                ? cluster.refreshPartitionsAsync().thenCompose(done -> cluster.connectAsync(ByteArrayCodec.INSTANCE))
                : ((RedisClient) client).connectAsync(ByteArrayCodec.INSTANCE, uris.getFirst());
    }

    private static RedisClusterAsyncCommands<byte[], byte[]> commandsOf(StatefulConnection<byte[], byte[]> connection) {
        return connection instanceof StatefulRedisClusterConnection<byte[], byte[]> cluster
                ? cluster.async()
                : ((StatefulRedisConnection<byte[], byte[]>) connection).async();
    }

    /** Listens for messages; {@code first} is false when some have been missed by now. */
    private void listen(boolean first) {
        listening().whenComplete((connection, thrown) -> {
            if (connection == null) {
                later(() -> listen(false));
            } else if (closed) {
                var _ = connection.closeAsync();
            } else {
                subscribe(connection, first);
            }
        });
    }

    private CompletionStage<? extends StatefulRedisPubSubConnection<byte[], byte[]>> listening() {
        return client instanceof RedisClusterClient cluster
                ? cluster.refreshPartitionsAsync()
                        .thenCompose(done -> cluster.connectPubSubAsync(ByteArrayCodec.INSTANCE))
                : ((RedisClient) client).connectPubSubAsync(ByteArrayCodec.INSTANCE, uris.getFirst());
    }

    private void subscribe(StatefulRedisPubSubConnection<byte[], byte[]> connection, boolean first) {
        Listener listener = new Listener(first);
        RedisConnectionStateListener states = listener;
        RedisPubSubListener<byte[], byte[]> heard = listener;
        connection.addListener(states);
        connection.addListener(heard);
        connection.async().subscribe(channel).whenComplete((done, thrown) -> {
            if (thrown != null) {
                // Lettuce subscribes again only to what it was subscribed to once.
                var _ = connection.closeAsync();
                later(() -> listen(false));
            }
        });
    }

    /** Takes messages of a connection, which Lettuce makes again and subscribes again by itself. */
    private final class Listener extends RedisPubSubAdapter<byte[], byte[]> implements RedisConnectionStateListener {
        private volatile boolean nothingMissed;

        Listener(boolean first) {
            nothingMissed = first;
        }

        @Override
        public void message(byte[] from, byte[] message) {
            messages.accept(message);
        }

        @Override
        public void subscribed(byte[] to, long count) {
            if (!nothingMissed) {
                missed.run();
            }
        }

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            nothingMissed = false;
        }
    }

    private void later(Runnable task) {
        CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS).execute(() -> {
            if (!closed) {
                task.run();
            }
        });
    }

    /** Completes when the first attempt to connect has ended, well or not: before that nobody knows. */
    CompletionStage<@Nullable Void> tried() {
        return tried;
    }

    /**
     * Returns what commands are given to.
     *
     * @throws IllegalStateException when there has been no connection yet
     */
    RedisClusterAsyncCommands<byte[], byte[]> commands() {
        RedisClusterAsyncCommands<byte[], byte[]> now = commands;
        if (now == null) {
            throw new IllegalStateException("there is no connection");
        }
        return now;
    }

    @Override
    public void close() {
        closed = true;
        client.shutdownAsync(0, 2, TimeUnit.SECONDS)
                .handle((done, thrown) -> null)
                .join();
        var _ = resources.shutdown(0, 2, TimeUnit.SECONDS);
    }
}
