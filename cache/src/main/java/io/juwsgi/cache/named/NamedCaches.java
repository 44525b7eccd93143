package io.juwsgi.cache.named;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.spi.Controllable;
import io.juwsgi.spi.StatsSource;
import io.juwsgi.spi.extension.Context;
import io.juwsgi.spi.extension.LifeCycle;
import io.juwsgi.spi.metric.MetricSink;
import io.juwsgi.spi.metric.MetricSource;
import io.juwsgi.spi.worker.WorkerFunction;
import io.juwsgi.spi.worker.WorkerFunctions;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The named caches as a component of the server. Made and started on the main thread; any thread asks. */
public final class NamedCaches implements LifeCycle, WorkerFunctions, Controllable, MetricSource, StatsSource {
    private final Settings settings;
    private final List<CacheSpec> specs;
    private final CacheSet caches;
    private final CacheRef current;
    private final System.Logger log;

    /**
     * Makes them as the settings say.
     *
     * @param current hears which caches there are, for what is compiled before they are made
     * @throws ConfigException when one is described wrongly
     */
    public NamedCaches(Context context, CacheRef current) {
        settings = context.settings();
        specs = CacheSpec.all(settings);
        caches = context.carried(CacheSet.class, () -> new CacheSet(InstantSource.system()));
        this.current = current;
        log = context.logger();
    }

    @Override
    public void start() {
        for (Setting setting : settings.of(CacheOptions.CACHE2)) {
            List<String> not = CacheSpec.replication(setting.value());
            if (!not.isEmpty()) {
                log.log(
                        Level.WARNING,
                        setting.origin() + ": cache2: " + String.join(", ", not)
                                + ": juwsgi does not copy items between servers");
            }
        }
        caches.apply(
                specs,
                settings.get(CacheOptions.CACHE_EXPIRE_FREQ),
                settings.get(CacheOptions.CACHE_REPORT_FREED_ITEMS));
        current.set(caches);
        FirstItems.put(settings, caches);
    }

    @Override
    public Map<String, WorkerFunction> workerFunctions() {
        return CacheFunctions.of(caches);
    }

    // ---- for operators

    @Override
    public String controlName() {
        return "caches";
    }

    @Override
    public String controlUsage() {
        return "[CACHE [keys | get KEY | del KEY | clear]]: the named caches";
    }

    @Override
    public Map<String, ?> control(List<String> arguments) {
        if (arguments.isEmpty()) {
            return Map.of("caches", stats());
        }
        NamedCache cache = caches.find(arguments.getFirst());
        if (cache == null) {
            throw new IllegalArgumentException("no cache called " + arguments.getFirst());
        }
        List<String> rest = arguments.subList(1, arguments.size());
        return switch (rest.size()) {
            case 0 -> stats(cache.stats());
            case 1 -> whole(cache, rest.getFirst());
            case 2 -> ofKey(cache, rest.getFirst(), new Bytes(rest.get(1).getBytes(StandardCharsets.UTF_8)));
            default -> throw new IllegalArgumentException("too many arguments (expected: " + controlUsage() + ")");
        };
    }

    private static Map<String, ?> whole(NamedCache cache, String verb) {
        return switch (verb) {
            case "keys" ->
                Map.of("keys", cache.keys().stream().map(NamedCaches::text).toList());
            case "clear" -> {
                cache.clear();
                yield Map.of("cleared", true);
            }
            default -> throw new IllegalArgumentException(verb + " (expected: keys, clear, get KEY or del KEY)");
        };
    }

    private static Map<String, ?> ofKey(NamedCache cache, String verb, Bytes key) {
        return switch (verb) {
            case "get" -> {
                byte[] value = cache.get(key);
                if (value == null) {
                    throw new IllegalArgumentException("no such key");
                }
                yield Map.of("value", new String(value, StandardCharsets.UTF_8));
            }
            case "del" -> Map.of("deleted", cache.remove(key));
            default -> throw new IllegalArgumentException(verb + " (expected: keys, clear, get KEY or del KEY)");
        };
    }

    private static String text(Bytes key) {
        return new String(key.array(), StandardCharsets.UTF_8);
    }

    // ---- numbers

    @Override
    public String statsName() {
        return "caches";
    }

    @Override
    public List<Map<String, ?>> stats() {
        List<Map<String, ?>> all = new ArrayList<>();
        caches.all().forEach(cache -> all.add(stats(cache.stats())));
        return all;
    }

    /** uWSGI's keys in its order, then what it has not. */
    private static Map<String, ?> stats(CacheStats stats) {
        Map<String, Object> all = new LinkedHashMap<>();
        CacheSpec spec = stats.spec();
        all.put("name", spec.name());
        all.put("hash", "djb33x");
        all.put("hashsize", 65_535);
        all.put("keysize", spec.keySize());
        all.put("max_items", spec.items());
        all.put("blocks", spec.blocks());
        all.put("blocksize", spec.blockSize());
        all.put("items", stats.items());
        all.put("hits", stats.hits());
        all.put("miss", stats.misses());
        all.put("full", stats.full());
        all.put("last_modified_at", stats.lastModified());
        all.put("used_blocks", stats.usedBlocks());
        all.put("bytes", stats.bytes());
        return all;
    }

    @Override
    public void metrics(MetricSink sink) {
        for (NamedCache cache : caches.all()) {
            CacheStats stats = cache.stats();
            String[] label = {"cache", stats.spec().name()};
            sink.gauge("named_cache_items", "keys in a named cache", stats.items(), label);
            sink.gauge("named_cache_bytes", "bytes of values in a named cache", (double) stats.bytes(), label);
            sink.counter("named_cache_hits", "keys that were found", stats.hits(), label);
            sink.counter("named_cache_misses", "keys that were not found", stats.misses(), label);
            sink.counter("named_cache_full", "values that found no room", stats.full(), label);
        }
    }
}
