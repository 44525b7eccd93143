package io.juwsgi.plugin.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.spi.cache.CacheEntry;
import io.juwsgi.spi.cache.CacheStore;
import io.juwsgi.spi.cache.CacheStore.Removal;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis that is down, dies, comes back, is full, hangs, or wants a password. */
class RedisFaultsTest {
    @TempDir
    Path directory;

    private static PluginUnderTest store(String... options) throws Exception {
        return PluginUnderTest.of(new RedisPlugin()).start(options);
    }

    private static CompletionStage<?> put(CacheStore store, String key) {
        return store.put(key, new CacheEntry(new byte[] {1}, Duration.ofMinutes(1), Set.of("t")));
    }

    private static boolean works(CompletionStage<?> stage) {
        return stage.toCompletableFuture()
                .handle((value, thrown) -> thrown == null)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private static boolean there(CacheStore store, String key) {
        return store.get(key)
                .toCompletableFuture()
                .handle((value, thrown) -> value != null)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void aRedisThatIsDownFailsAtOnceAndIsFoundWhenItComes() throws Exception {
        RedisServer redis = RedisServer.start(directory);
        redis.kill();
        try (PluginUnderTest plugin = store("--redis-url", redis.url())) {
            CacheStore store = plugin.component(CacheStore.class);
            assertThat(works(store.get("key"))).isFalse();
            assertThat(works(put(store, "key"))).isFalse();
            redis.restart();
            Waiting.until("the store to find redis", () -> works(put(store, "key")));
            Waiting.until("the entry to be read", () -> there(store, "key"));
        } finally {
            redis.close();
        }
    }

    @Test
    void aRedisThatDiesIsFoundAgainAndWhatMayHaveBeenMissedIsTold() throws Exception {
        try (RedisServer redis = RedisServer.start(directory);
                PluginUnderTest plugin = store("--redis-url", redis.url())) {
            CacheStore store = plugin.component(CacheStore.class);
            List<Removal> heard = new CopyOnWriteArrayList<>();
            var _ = store.onRemoval(heard::add);
            Waiting.until("the store to work", () -> works(put(store, "key")));
            redis.kill();
            Waiting.until("the store to fail", () -> !works(store.get("key")));
            redis.restart();
            Waiting.until("the store to work again", () -> works(put(store, "key")));
            Waiting.until("the rest to be forgotten", () -> heard.contains(new Removal.All()));
        }
    }

    @Test
    void whatCouldNotBeRemovedIsGoneBeforeAnythingIsRead() throws Exception {
        try (RedisServer redis = RedisServer.start(directory);
                PluginUnderTest plugin = store("--redis-url", redis.url(), "--redis-timeout", "100ms")) {
            CacheStore store = plugin.component(CacheStore.class);
            Waiting.until("the entry to be there", () -> works(put(store, "key")) && there(store, "key"));
            redis.freeze();
            for (int i = 0; i < Breaker.FAILURES; i++) {
                assertThat(works(put(store, "other"))).isFalse();
            }
            // Not even sent: the breaker is open.
            assertThat(works(store.remove(new Removal.Key("key")))).isFalse();
            redis.thaw();
            Waiting.until("the store to answer", () -> works(store.get("any")));
            assertThat(there(store, "key")).isFalse();
        }
    }

    @Test
    void aRedisThatHangsIsGivenUpInTime() throws Exception {
        try (RedisServer redis = RedisServer.start(directory);
                PluginUnderTest plugin = store("--redis-url", redis.url(), "--redis-timeout", "100ms")) {
            CacheStore store = plugin.component(CacheStore.class);
            Waiting.until("the store to work", () -> works(put(store, "key")));
            redis.freeze();
            for (int i = 0; i < Breaker.FAILURES; i++) {
                assertThat(works(store.get("key"))).isFalse();
            }
            assertThatThrownBy(() -> store.get("key").toCompletableFuture().join())
                    .hasRootCauseInstanceOf(Breaker.UnavailableException.class);
            redis.thaw();
            Waiting.until("the store to work again", () -> there(store, "key"));
        }
    }

    @Test
    void aFullRedisRefusesWritesAndGoesOnToRead() throws Exception {
        try (RedisServer redis = RedisServer.start(directory);
                PluginUnderTest plugin = store("--redis-url", redis.url(), "--redis-timeout", "5s")) {
            CacheStore store = plugin.component(CacheStore.class);
            Waiting.until("the store to work", () -> works(put(store, "key")));
            redis.command("CONFIG SET maxmemory 1");
            assertThat(works(put(store, "more"))).isFalse();
            assertThat(works(put(store, "more"))).isFalse();
            assertThat(works(put(store, "more"))).isFalse();
            assertThat(there(store, "key")).isTrue();
            redis.command("CONFIG SET maxmemory 0");
            Waiting.until("writes to work again", () -> works(put(store, "more")));
        }
    }

    @Test
    void aPasswordIsReadFromAFile() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "geheim\n");
        try (RedisServer redis = RedisServer.start(directory, "--requirepass", "geheim");
                PluginUnderTest without = store("--redis-url", redis.url());
                PluginUnderTest with = store("--redis-url", redis.url(), "--redis-password-file", secret.toString())) {
            CacheStore store = with.component(CacheStore.class);
            Waiting.until("the store to work", () -> works(put(store, "key")));
            assertThat(works(without.component(CacheStore.class).get("key"))).isFalse();
        }
    }

    @Test
    void wrongSettingsAreToldWithoutTheirSecrets() {
        assertThatThrownBy(() -> store("--redis-url", "http://user:geheim@host/"))
                .hasMessageContaining("redis-url: not one of Redis (expected: such as redis://127.0.0.1:6379")
                .hasMessageNotContaining("geheim");
        assertThatThrownBy(() -> store("--redis-url", "redis://a", "--redis-url", "redis://b"))
                .hasMessageContaining("url: 2 of them (expected: one, or cluster = true)");
        assertThatThrownBy(() -> store("--redis-timeout", "0"))
                .hasMessageContaining("timeout: 0ms (expected: more than 0)");
    }
}
