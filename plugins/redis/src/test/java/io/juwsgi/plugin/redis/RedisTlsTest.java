package io.juwsgi.plugin.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.cache.CacheEntry;
import io.juwsgi.spi.cache.CacheStore;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis over TLS, as one node of a cluster, and found through a sentinel. */
class RedisTlsTest {
    @TempDir
    Path directory;

    private static boolean works(CacheStore store) {
        return store.put("key", new CacheEntry(new byte[] {1}, Duration.ofMinutes(1), Set.of("tag")))
                .thenCompose(done -> store.get("key"))
                .toCompletableFuture()
                .handle((value, thrown) -> value != null)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private static void awaitWork(String what, String... options) throws Exception {
        try (PluginUnderTest plugin = PluginUnderTest.of(new RedisPlugin()).start(options)) {
            CacheStore store = plugin.component(CacheStore.class);
            Waiting.until(what, () -> works(store));
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void certificate() throws Exception {
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:prime256v1",
                        "-nodes",
                        "-keyout",
                        "key.pem",
                        "-out",
                        "cert.pem",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=localhost",
                        "-addext",
                        "subjectAltName=DNS:localhost,IP:127.0.0.1")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(openssl.getInputStream().readAllBytes());
        assertThat(openssl.waitFor()).as(output).isZero();
    }

    @Test
    void tlsIsSpokenAndItsCertificateChecked() throws Exception {
        certificate();
        int port = freePort();
        String certificate = directory.resolve("cert.pem").toString();
        try (RedisServer redis = RedisServer.start(
                directory,
                "--tls-port",
                Integer.toString(port),
                "--tls-cert-file",
                certificate,
                "--tls-key-file",
                directory.resolve("key.pem").toString(),
                "--tls-auth-clients",
                "no")) {
            assertThat(redis.port()).isPositive();
            awaitWork("TLS", "--redis-url", "rediss://127.0.0.1:" + port, "--redis-ca", certificate);
            try (PluginUnderTest plugin =
                    PluginUnderTest.of(new RedisPlugin()).start("--redis-url", "rediss://127.0.0.1:" + port)) {
                assertThat(works(plugin.component(CacheStore.class))).isFalse();
            }
        }
    }

    @Test
    void aClusterIsFollowed() throws Exception {
        try (RedisServer redis = RedisServer.start(
                directory,
                "--cluster-enabled",
                "yes",
                "--cluster-require-full-coverage",
                "no",
                "--cluster-announce-ip",
                "127.0.0.1",
                "--cluster-port",
                String.valueOf(freePort()))) {
            assertThat(redis.command("CLUSTER ADDSLOTSRANGE 0 16383")).isEqualTo("+OK");
            Waiting.until("the cluster to be whole", () -> isWhole(redis));
            awaitWork("the cluster", "--redis-url", redis.url(), "--redis-cluster");
        }
    }

    private static boolean isWhole(RedisServer redis) {
        try {
            return redis.command("SET probe 1").equals("+OK");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aSentinelIsAsked() throws Exception {
        int port = freePort();
        try (RedisServer redis = RedisServer.start(directory)) {
            Path conf =
                    Files.writeString(directory.resolve("sentinel.conf"), """
                    port %d
                    bind 127.0.0.1
                    dir %s
                    sentinel monitor main 127.0.0.1 %d 1
                    """.formatted(port, directory, redis.port()));
            Process sentinel = new ProcessBuilder("/usr/bin/redis-server", conf.toString(), "--sentinel")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                awaitWork("the sentinel", "--redis-url", "redis-sentinel://127.0.0.1:" + port + "/0#main");
            } finally {
                sentinel.destroyForcibly().waitFor();
            }
        }
    }
}
