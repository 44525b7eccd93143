package io.juwsgi.plugin.redis;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import io.juwsgi.config.typed.RecordOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where Redis is, and how long it may take.
 *
 * @param url one, or several for a cluster
 * @param cluster whether it is a cluster
 * @param user the user's name, for access lists
 * @param password the password, when no URL has one
 * @param passwordFile a file that holds nothing but the password
 * @param ca certificates of authorities in PEM, for servers whose certificate no public one has signed
 * @param timeout after what time a command is given up
 * @param prefix what all keys begin with
 */
@Doc("keep what caches share in Redis")
record RedisSettings(
        @Doc("redis://HOST:PORT/DB, rediss:// for TLS, redis-sentinel://HOST,HOST/DB#NAME; several for a cluster; "
                + "redis://127.0.0.1:6379 when none is named")
        List<String> url,

        @Doc("the URLs are of a cluster") boolean cluster,

        @Doc("the user of an access list") Optional<String> user,

        @Doc("the password") Optional<String> password,

        @Doc("a file with the password") Optional<Path> passwordFile,

        @Doc("certificates of authorities, PEM") Optional<Path> ca,

        @Default("250ms") @Doc("after what time a command is given up")
        Duration timeout,

        @Default("juwsgi:") @Doc("what all keys begin with") String prefix) {
    private static final List<String> LOCAL = List.of("redis://127.0.0.1:6379");

    /**
     * Reads the options {@code redis-...}, which all that use Redis share.
     *
     * @throws ConfigException when one is wrong
     */
    static RedisSettings of(Settings settings) {
        List<String> failures = new ArrayList<>();
        Optional<RedisSettings> read =
                RecordOptions.of("redis", RedisSettings.class).decode(settings, failures);
        return read.orElseThrow(() -> new ConfigException(String.join("\n", failures)));
    }

    RedisSettings {
        url = url.isEmpty() ? LOCAL : List.copyOf(url);
        for (String one : url) {
            check(one);
        }
        if (url.size() > 1 && !cluster) {
            throw new IllegalArgumentException("url: " + url.size() + " of them (expected: one, or cluster = true)");
        }
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("timeout: " + timeout.toMillis() + "ms (expected: more than 0)");
        }
    }

    /** The URL itself may hold a password, so no message shows it. */
    private static void check(String url) {
        try {
            RedisURI.create(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "url: not one of Redis (expected: such as redis://127.0.0.1:6379, rediss://... or redis-sentinel://...)");
        }
    }

    /**
     * Returns where to connect, with the password.
     *
     * @throws IOException when its file cannot be read
     */
    List<RedisURI> uris() throws IOException {
        Optional<String> secret = secret();
        return url.stream().map(one -> uri(one, secret)).toList();
    }

    private Optional<String> secret() throws IOException {
        return passwordFile.isPresent()
                ? Optional.of(Files.readString(passwordFile.get(), StandardCharsets.UTF_8)
                        .strip())
                : password;
    }

    private RedisURI uri(String text, Optional<String> secret) {
        RedisURI uri = RedisURI.create(text);
        secret.ifPresent(word ->
                uri.setCredentialsProvider(new StaticCredentialsProvider(user.orElse(null), word.toCharArray())));
        uri.setTimeout(timeout);
        return uri;
    }
}
