package io.juwsgi.cache.named;

import io.juwsgi.spi.worker.WorkerCall;
import io.juwsgi.spi.worker.WorkerFunction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@code cache_*} functions of applications. Arguments are the cache's name, empty for the first one, the key, and what
 * the function needs; numbers have 8 bytes, little-endian. An answer without values is Python's None.
 */
final class CacheFunctions {
    private static final byte[] TRUE = {1};

    private final CacheSet caches;

    private CacheFunctions(CacheSet caches) {
        this.caches = caches;
    }

    static Map<String, WorkerFunction> of(CacheSet caches) {
        CacheFunctions functions = new CacheFunctions(caches);
        Map<String, WorkerFunction> all = new HashMap<>();
        all.put("cache_get", functions.onKey(2, functions::get));
        all.put("cache_exists", functions.onKey(2, (cache, key, call) -> truth(call, cache.exists(key))));
        all.put("cache_del", functions.onKey(2, (cache, key, call) -> truth(call, cache.remove(key))));
        all.put("cache_set", functions.onKey(4, (cache, key, call) -> put(cache, key, call, false)));
        all.put("cache_update", functions.onKey(4, (cache, key, call) -> put(cache, key, call, true)));
        for (Arithmetic operation : Arithmetic.values()) {
            all.put(
                    "cache_" + operation.name().toLowerCase(java.util.Locale.ROOT),
                    functions.onKey(4, (cache, key, call) -> calculate(cache, key, call, operation)));
        }
        all.put("cache_num", functions::number);
        all.put("cache_clear", functions::clear);
        all.put("cache_keys", functions::keys);
        RemoteCaches remote = new RemoteCaches();
        for (String command : RemoteCaches.COMMANDS) {
            all.computeIfPresent("cache_" + command, (name, local) -> orRemote(command, local, remote));
        }
        return all;
    }

    private static WorkerFunction orRemote(String command, WorkerFunction local, RemoteCaches remote) {
        return call -> {
            if (RemoteCaches.concerns(call)) {
                remote.ask(command, call);
            } else {
                local.call(call);
            }
        };
    }

    private interface OnKey {
        void call(NamedCache cache, Bytes key, WorkerCall call);
    }

    private WorkerFunction onKey(int arguments, OnKey function) {
        return call -> {
            List<byte[]> given = call.arguments();
            if (given.size() != arguments) {
                call.fail("arguments: " + given.size() + " (expected: " + arguments + ")");
                return;
            }
            NamedCache cache = find(given.getFirst());
            if (cache == null) {
                call.reply();
            } else {
                function.call(cache, new Bytes(given.get(1)), call);
            }
        };
    }

    private @org.jspecify.annotations.Nullable NamedCache find(byte[] name) {
        return caches.find(new String(name, StandardCharsets.UTF_8));
    }

    private void get(NamedCache cache, Bytes key, WorkerCall call) {
        byte[] value = cache.get(key);
        if (value == null) {
            call.reply();
        } else {
            call.reply(value);
        }
    }

    private static void put(NamedCache cache, Bytes key, WorkerCall call, boolean replace) {
        List<byte[]> given = call.arguments();
        truth(call, cache.put(key, given.get(2), Arithmetic.number(given.get(3)), replace));
    }

    private static void calculate(NamedCache cache, Bytes key, WorkerCall call, Arithmetic operation) {
        List<byte[]> given = call.arguments();
        truth(call, cache.calculate(key, operation, Arithmetic.number(given.get(2)), Arithmetic.number(given.get(3))));
    }

    private void number(WorkerCall call) {
        List<byte[]> given = call.arguments();
        NamedCache cache = given.size() == 2 ? find(given.getFirst()) : null;
        call.reply(Arithmetic.bytes(cache == null ? 0 : cache.number(new Bytes(given.get(1)))));
    }

    private void clear(WorkerCall call) {
        NamedCache cache =
                call.arguments().isEmpty() ? null : find(call.arguments().getFirst());
        if (cache != null) {
            cache.clear();
        }
        truth(call, cache != null);
    }

    private void keys(WorkerCall call) {
        NamedCache cache =
                call.arguments().isEmpty() ? null : find(call.arguments().getFirst());
        if (cache == null) {
            call.fail("no local uWSGI cache available");
        } else {
            call.reply(cache.keys().stream().map(Bytes::array).toArray(byte[][]::new));
        }
    }

    private static void truth(WorkerCall call, boolean value) {
        if (value) {
            call.reply(TRUE);
        } else {
            call.reply();
        }
    }
}
