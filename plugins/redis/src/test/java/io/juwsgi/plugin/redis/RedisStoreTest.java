package io.juwsgi.plugin.redis;

import io.juwsgi.spi.Plugin;
import io.juwsgi.testkit.contract.CacheStoreContract;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Redis holds what caches rely on in stores. */
class RedisStoreTest extends CacheStoreContract {
    private static @Nullable RedisServer redis;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        redis = RedisServer.start(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        redis.close();
    }

    @Override
    protected Plugin plugin() {
        return new RedisPlugin();
    }

    @Override
    protected List<String> options() {
        return List.of("--redis-url", redis.url(), "--redis-timeout", "5s");
    }
}
