package io.juwsgi.cache.named;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Items that the configuration itself puts into caches. Used on the main thread. */
final class FirstItems {
    private FirstItems() {}

    /**
     * Puts them in; a key that is there already keeps its value.
     *
     * @throws ConfigException when a cache or file is not there, with the place of the option
     */
    static void put(Settings settings, CacheSet caches) {
        for (Setting setting : settings.of(CacheOptions.ADD_CACHE_ITEM)) {
            item(setting, caches);
        }
        for (Setting setting : settings.of(CacheOptions.LOAD_FILE_IN_CACHE)) {
            file(setting, caches, false);
        }
        for (Setting setting : settings.of(CacheOptions.LOAD_FILE_IN_CACHE_GZIP)) {
            file(setting, caches, true);
        }
    }

    private static void item(Setting setting, CacheSet caches) {
        int equals = setting.value().indexOf('=');
        if (equals < 1) {
            throw wrong(setting, "(expected: [CACHE ]KEY=VALUE)");
        }
        String before = setting.value().substring(0, equals);
        int space = before.indexOf(' ');
        NamedCache cache = cache(setting, caches, space < 0 ? "" : before.substring(0, space));
        store(
                setting,
                cache,
                before.substring(space + 1),
                setting.value().substring(equals + 1).getBytes(StandardCharsets.UTF_8));
    }

    private static void file(Setting setting, CacheSet caches, boolean gzip) {
        int space = setting.value().indexOf(' ');
        NamedCache cache =
                cache(setting, caches, space < 0 ? "" : setting.value().substring(0, space));
        String name = setting.value().substring(space + 1);
        try {
            byte[] content = Files.readAllBytes(Path.of(name));
            store(setting, cache, name, gzip ? compressed(content) : content);
        } catch (IOException e) {
            throw wrong(setting, "cannot be read: " + e.getMessage());
        }
    }

    private static byte[] compressed(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    private static NamedCache cache(Setting setting, CacheSet caches, String name) {
        NamedCache cache = caches.find(name);
        if (cache == null) {
            throw wrong(setting, name.isEmpty() ? "there is no cache" : "there is no cache called " + name);
        }
        return cache;
    }

    private static void store(Setting setting, NamedCache cache, String key, byte[] value) {
        Bytes bytes = new Bytes(key.getBytes(StandardCharsets.UTF_8));
        if (!cache.exists(bytes) && !cache.put(bytes, value, 0, false)) {
            throw wrong(setting, "the cache " + cache.spec().name() + " takes no value of " + value.length + " bytes");
        }
    }

    private static ConfigException wrong(Setting setting, String why) {
        return new ConfigException(
                setting.origin() + ": " + setting.option().name() + " = " + setting.value() + ": " + why);
    }
}
