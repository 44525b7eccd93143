package io.juwsgi.plugin.redis;

import io.juwsgi.spi.balance.FleetLimits.Claim;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Who holds how much of which limit: {@code PREFIXf:UPSTREAM:ENDPOINT} is a hash of gateways, which {@code share.lua} alone changes;
 * it says how the limit is divided. All times are Redis's own. Thread-safe.
 */
final class ShareTable implements AutoCloseable {
    private static final String SCRIPT = script();

    private final RedisLink link;
    private final String prefix;
    /** The script's, once it was made; that takes as long as all the rest. */
    private volatile String digest = "";

    private ShareTable(RedisLink link, String prefix) {
        this.link = link;
        this.prefix = prefix;
    }

    /**
     * Begins to connect.
     *
     * @throws IOException when the password cannot be read
     */
    static ShareTable open(RedisSettings settings) throws IOException {
        return new ShareTable(RedisLink.forCommands(settings), settings.prefix());
    }

    private static String script() {
        try (InputStream in = Objects.requireNonNull(ShareTable.class.getResourceAsStream("share.lua"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] key(String upstream, String endpoint) {
        return bytes(prefix + "f:" + upstream + ":" + endpoint);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    /**
     * Claims a share for a gateway.
     *
     * @param before whether it has been given one before, which Redis then knows of unless it has forgotten
     * @param life after what time the claim is forgotten
     */
    CompletionStage<Integer> claim(String gateway, Claim claim, boolean before, Duration life) {
        byte[][] keys = {key(claim.upstream(), claim.endpoint())};
        byte[][] arguments = {
            bytes(gateway),
            bytes(claim.most()),
            bytes(claim.held()),
            bytes(claim.wanted()),
            bytes(before ? 1 : 0),
            bytes(life.toMillis())
        };
        // Only Redis itself may have been slow: the first attempt to connect is waited for.
        return link.tried().thenCompose(done -> run(keys, arguments)).thenApply(Math::toIntExact);
    }

    /** Sends the script's digest, which is short; the script itself when Redis does not know it. */
    private CompletionStage<Long> run(byte[][] keys, byte[][] arguments) {
        RedisClusterAsyncCommands<byte[], byte[]> redis = link.commands();
        if (digest.isEmpty()) {
            digest = redis.digest(SCRIPT);
        }
        return redis.<Long>evalsha(digest, ScriptOutputType.INTEGER, keys, arguments)
                .exceptionallyCompose(thrown -> thrown instanceof RedisNoScriptException
                        ? redis.eval(SCRIPT, ScriptOutputType.INTEGER, keys, arguments)
                        : CompletableFuture.failedStage(thrown));
    }

    /** Forgets what a gateway holds. */
    CompletionStage<Long> release(String gateway, String upstream, String endpoint) {
        return link.commands().hdel(key(upstream, endpoint), bytes(gateway));
    }

    @Override
    public void close() {
        link.close();
    }
}
