package io.juwsgi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.juwsgi.spi.cache.CacheEntry;
import io.juwsgi.spi.cache.CacheStore;
import io.juwsgi.spi.cache.CacheStore.Removal;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.Waiting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What caches rely on in stores. The options name a store that is there, and that two components share; what they keep there
 * is removed by each test.
 */
public abstract class CacheStoreContract extends PluginContract {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final long PATIENCE_SECONDS = 30;

    /** For subclasses. */
    protected CacheStoreContract() {}

    /** What a test does with a store. */
    private interface Use {
        void with(CacheStore store) throws Exception;
    }

    private void using(Use use) throws Exception {
        try (PluginUnderTest plugin = started()) {
            CacheStore store = connected(plugin);
            use.with(store);
            done(store.remove(new Removal.All()));
        }
    }

    /** A store may connect in its own time. */
    private static CacheStore connected(PluginUnderTest plugin) {
        CacheStore store = plugin.component(CacheStore.class);
        Waiting.until("the store to answer", () -> works(store));
        return store;
    }

    private static boolean works(CacheStore store) {
        try {
            done(store.remove(new Removal.All()));
            return true;
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            return false;
        }
    }

    private static <T extends @Nullable Object> T done(CompletionStage<T> stage)
            throws ExecutionException, TimeoutException, InterruptedException {
        return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static void put(CacheStore store, String key, String text, String... tags) throws Exception {
        done(store.put(key, new CacheEntry(text.getBytes(StandardCharsets.UTF_8), MINUTE, Set.of(tags))));
    }

    private static @Nullable String text(CacheStore store, String key) throws Exception {
        byte[] bytes = done(store.get(key));
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    /** What was put is there, and what was put later stands in its place. */
    @Test
    public void whatWasPutIsThere() throws Exception {
        using(store -> {
            assertNull(text(store, "http://example.org/"));
            put(store, "http://example.org/", "one");
            assertEquals("one", text(store, "http://example.org/"));
            put(store, "http://example.org/", "two");
            assertEquals("two", text(store, "http://example.org/"));
            assertNull(text(store, "http://example.org"));
        });
    }

    /** Nobody looks at bytes and keys. */
    @Test
    public void bytesAndKeysAreAnyBytesAndKeys() throws Exception {
        byte[] all = new byte[1 << 20];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        using(store -> {
            for (String key : List.of("k", "a b\tc\u0001", "\u00e9\u20ac", "*?[x]\\", "k".repeat(8192))) {
                done(store.put(key, new CacheEntry(all, MINUTE, Set.of())));
                assertArrayEquals(all, done(store.get(key)), key);
            }
            done(store.put("empty", new CacheEntry(new byte[0], MINUTE, Set.of())));
            assertEquals(0, assertPresent(done(store.get("empty"))).length);
        });
    }

    private static byte[] assertPresent(byte @Nullable [] bytes) {
        assertNotNull(bytes);
        return bytes;
    }

    /** An entry ends with its lifetime. */
    @Test
    public void anEntryEndsWithItsLifetime() throws Exception {
        using(store -> {
            done(store.put("short", new CacheEntry(new byte[1], Duration.ofMillis(300), Set.of())));
            put(store, "long", "x");
            Waiting.until("the entry to end", () -> {
                try {
                    return done(store.get("short")) == null;
                } catch (ExecutionException | TimeoutException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            assertEquals("x", text(store, "long"));
        });
    }

    /** Each way of removing removes what it names and nothing else. */
    @Test
    public void whatIsRemovedIsGoneAndTheRestIsThere() throws Exception {
        using(store -> {
            put(store, "a*1", "x", "red", "round");
            put(store, "a*2", "x", "red");
            put(store, "ab1", "x", "redder");
            put(store, "b", "x");
            done(store.remove(new Removal.Key("b")));
            assertNull(text(store, "b"));
            done(store.remove(new Removal.Tagged("round")));
            assertNull(text(store, "a*1"));
            assertEquals("x", text(store, "a*2"));
            done(store.remove(new Removal.Prefix("a*")));
            assertNull(text(store, "a*2"));
            assertEquals("x", text(store, "ab1"));
            done(store.remove(new Removal.Tagged("none")));
            done(store.remove(new Removal.Tagged("redder")));
            assertNull(text(store, "ab1"));
        });
    }

    /** Many entries go with one word. */
    @Test
    public void manyEntriesAreRemovedAtOnce() throws Exception {
        using(store -> {
            for (int i = 0; i < 2500; i++) {
                put(store, "many " + i, "x", "all");
            }
            put(store, "other", "x");
            done(store.remove(new Removal.Prefix("many ")));
            assertNull(text(store, "many 0"));
            assertNull(text(store, "many 2499"));
            assertEquals("x", text(store, "other"));
            done(store.remove(new Removal.All()));
            assertNull(text(store, "other"));
        });
    }

    /** What one server removes the others are told; it is not told itself. */
    @Test
    public void othersAreToldWhatIsRemoved() throws Exception {
        try (PluginUnderTest one = started();
                PluginUnderTest two = started()) {
            CacheStore here = connected(one);
            CacheStore there = connected(two);
            List<Removal> own = new CopyOnWriteArrayList<>();
            List<Removal> heard = new CopyOnWriteArrayList<>();
            try (AutoCloseable _ = here.onRemoval(own::add);
                    AutoCloseable _ = there.onRemoval(heard::add)) {
                Waiting.until("the other one to listen", () -> {
                    here.remove(new Removal.Key("knock"));
                    return heard.contains(new Removal.Key("knock"));
                });
                put(here, "old", "x", "out");
                done(here.expire(new Removal.Tagged("out")));
                assertNull(text(there, "old"));
                put(here, "key", "x");
                assertEquals("x", text(there, "key"));
                done(here.remove(new Removal.Key("key")));
                done(here.remove(new Removal.Prefix("a b")));
                done(here.remove(new Removal.Tagged("tag c")));
                done(here.remove(new Removal.All()));
                Waiting.until("all removals: " + heard, () -> heard.contains(new Removal.All()));
                assertEquals(
                        List.of(
                                new Removal.Tagged("out"),
                                new Removal.Key("key"),
                                new Removal.Prefix("a b"),
                                new Removal.Tagged("tag c"),
                                new Removal.All()),
                        heard.stream()
                                .filter(removal -> !removal.equals(new Removal.Key("knock")))
                                // A store need not tell one from the other.
                                .map(removal -> removal instanceof Removal.Expired(Removal what) ? what : removal)
                                .toList());
                assertEquals(List.of(), own);
            }
        }
    }

    /** Requests that are under way use it for a while after its end. */
    @Test
    public void aClosedOneAnswersNothingAndThrowsNothing() throws Exception {
        PluginUnderTest plugin = started();
        CacheStore store = connected(plugin);
        plugin.close();
        store.get("key").toCompletableFuture().handle((bytes, thrown) -> null).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        store.put("key", new CacheEntry(new byte[1], MINUTE, Set.of()))
                .toCompletableFuture()
                .handle((nothing, thrown) -> null)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
