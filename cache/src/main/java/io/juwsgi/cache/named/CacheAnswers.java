package io.juwsgi.cache.named;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.juwsgi.spi.exchange.BlockingExchange;
import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Request;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers what other servers ask of the named caches. What was done is answered with {@code status=ok}; what is not there, or
 * was not done, not at all, as uWSGI has it: the connection ends. Thread-safe.
 */
final class CacheAnswers implements BlockingHandler {
    private final CacheRef caches;

    CacheAnswers(CacheRef caches) {
        this.caches = caches;
    }

    @Override
    public void handle(BlockingExchange exchange) throws IOException {
        Request request = exchange.request();
        if (request.modifier2() != CachePacket.DICTIONARY) {
            exchange.fail(Failure.client(
                    501, "cache-packet", "Of the cache packets only those with modifier2 17 are answered."));
            return;
        }
        Map<String, String> asked = new HashMap<>();
        request.variables(asked::put);
        NamedCache cache = caches.find(asked.getOrDefault("cache", ""));
        if (cache == null) {
            exchange.fail(Failure.client(404, "no-such-cache", "There is no such named cache."));
            return;
        }
        Bytes key = new Bytes(asked.getOrDefault("key", "").getBytes(ISO_8859_1));
        switch (asked.getOrDefault("cmd", "")) {
            case "get" -> value(exchange, cache.found(key));
            case "exists" -> done(exchange, cache.exists(key));
            case "del" -> done(exchange, cache.remove(key));
            case "set" -> done(exchange, put(exchange, asked, cache, key, false));
            case "update" -> done(exchange, put(exchange, asked, cache, key, true));
            case "clear" -> {
                cache.clear();
                done(exchange, true);
            }
            default -> exchange.fail(Failure.client(400, "cache-command", "This is no command for a cache."));
        }
    }

    private static boolean put(
            BlockingExchange exchange, Map<String, String> asked, NamedCache cache, Bytes key, boolean replace)
            throws IOException {
        // One byte more is too long already.
        int most = (int) Math.min(cache.spec().longest() + 1, Integer.MAX_VALUE);
        byte[] value = exchange.body().readNBytes(most);
        return cache.put(key, value, seconds(asked.getOrDefault("expires", "")), replace);
    }

    private static long seconds(String text) {
        boolean number = !text.isEmpty() && text.length() < 16 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Long.parseLong(text) : 0;
    }

    private static void value(BlockingExchange exchange, NamedCache.@Nullable Item item) throws IOException {
        if (item == null) {
            exchange.status(404);
            return;
        }
        Map<String, String> found = new LinkedHashMap<>();
        found.put("status", "ok");
        found.put("size", Integer.toString(item.value().length));
        found.put("expires", Long.toString(item.expires() / 1000));
        exchange.output().write(new CachePacket(found).bytes());
        exchange.output().write(item.value());
    }

    private static void done(BlockingExchange exchange, boolean done) throws IOException {
        if (done) {
            exchange.output().write(new CachePacket(Map.of("status", "ok")).bytes());
        } else {
            exchange.status(404);
        }
    }
}
