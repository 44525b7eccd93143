package io.juwsgi.cache;

import io.juwsgi.cache.rule.Normalisation;
import io.juwsgi.cache.rule.Variation;
import io.juwsgi.cache.store.Body;
import io.juwsgi.cache.store.CacheKey;
import io.juwsgi.cache.store.EntryCodec;
import io.juwsgi.cache.store.ResponseStore;
import io.juwsgi.cache.store.StoredResponse;
import io.juwsgi.spi.cache.CacheEntry;
import io.juwsgi.spi.cache.CacheStore;
import io.juwsgi.spi.cache.CacheStore.Removal;
import io.juwsgi.spi.exchange.Fields;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The second level, which several servers share: what one has stored the others find, and what one forgets the others forget.
 * A store that fails is as good as an empty one. Thread-safe.
 *
 * <p>A response is under its URL and a digest of what it is chosen by; one that varies leaves a note of its fields' names
 * under its URL alone. Its key is a tag of it, so that all variants are removed by one name.
 */
final class SharedStore {
    /** Begins a note of the names of fields; no version of an entry is this. */
    private static final byte NOTE = 'V';

    private static final int LONGEST_KEY = 8192;
    private static final char SEPARATOR = '\n';

    private final CacheStore store;
    private final ResponseStore memory;
    private final InstantSource clock;
    private @Nullable AutoCloseable listening;

    SharedStore(CacheStore store, ResponseStore memory, InstantSource clock) {
        this.store = store;
        this.memory = memory;
        this.clock = clock;
    }

    /** Begins to hear of what other servers forget. */
    void start() {
        listening = store.onRemoval(this::heard);
    }

    /** Hears nothing any more. */
    void close() throws Exception {
        if (listening != null) {
            listening.close();
        }
    }

    // ---- responses

    /** Looks a response up; null when there is none, or the store failed. */
    CompletionStage<@Nullable StoredResponse> get(
            CacheKey key, Variation predicted, Fields request, Normalisation normalisation) {
        String name = name(key, predicted);
        if (name.length() > LONGEST_KEY) {
            return CompletableFuture.completedStage(null);
        }
        return store.get(name)
                .thenCompose(bytes -> isNote(bytes)
                        ? store.get(name(key, Variation.of(names(bytes), request, normalisation)))
                        : CompletableFuture.completedStage(bytes))
                .<@Nullable StoredResponse>handle(
                        (bytes, thrown) -> bytes == null ? null : read(bytes, key, request, normalisation));
    }

    private @Nullable StoredResponse read(byte[] bytes, CacheKey key, Fields request, Normalisation normalisation) {
        EntryCodec.Entry entry = EntryCodec.read(bytes);
        // What another program put there is no answer to this request.
        return entry != null
                        && entry.key().equals(key)
                        && entry.response().variation().matches(request, normalisation)
                ? entry.response()
                : null;
    }

    /** Keeps a response for the other servers. */
    void put(CacheKey key, StoredResponse response) {
        long seconds = response.worthSeconds(clock.millis());
        String name = name(key, response.variation());
        if (seconds <= 0 || name.length() > LONGEST_KEY || !(response.body() instanceof Body.Bytes(byte[] body))) {
            return;
        }
        Duration lifetime = Duration.ofSeconds(seconds);
        Set<String> tags = new HashSet<>();
        tags.add(keyTag(key));
        response.tags().stream().filter(tag -> !tag.isEmpty()).forEach(tag -> tags.add("tag " + tag));
        StoredResponse.groups(response.fields().all("cache-groups")).forEach(group -> tags.add(groupTag(key, group)));
        var _ = store.put(name, new CacheEntry(EntryCodec.whole(key, response, body), lifetime, tags));
        List<String> names = response.variation().names();
        if (!names.isEmpty()) {
            var _ = store.put(name(key, Variation.NONE), new CacheEntry(note(names), lifetime, Set.of(keyTag(key))));
        }
    }

    private static byte[] note(List<String> names) {
        return ((char) NOTE + String.join(",", names)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean isNote(byte @Nullable [] bytes) {
        return bytes != null && bytes.length > 1 && bytes[0] == NOTE;
    }

    private static List<String> names(byte @Nullable [] note) {
        return note == null
                ? List.of()
                : List.of(new String(note, 1, note.length - 1, StandardCharsets.ISO_8859_1).split(",", -1));
    }

    private static String name(CacheKey key, Variation variation) {
        StringBuilder rest = new StringBuilder(key.path()).append(SEPARATOR).append(key.query());
        for (int i = 0; i < variation.names().size(); i++) {
            rest.append(SEPARATOR)
                    .append(variation.names().get(i))
                    .append(SEPARATOR)
                    .append(variation.values().get(i));
        }
        return key.url() + " " + digest(rest.toString());
    }

    private static String digest(String text) {
        try {
            byte[] whole = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(whole, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String keyTag(CacheKey key) {
        return "key "
                + String.join(
                        String.valueOf(SEPARATOR), key.scheme(), key.host(), key.target(), key.path(), key.query());
    }

    private static String groupTag(CacheKey origin, String group) {
        return "group " + origin.scheme() + SEPARATOR + origin.host() + SEPARATOR + group;
    }

    // ---- what is forgotten

    void forget(CacheKey key, boolean soft) {
        forget(new Removal.Tagged(keyTag(key)), soft);
    }

    void forgetTag(String tag, boolean soft) {
        forget(new Removal.Tagged("tag " + tag), soft);
    }

    void forgetGroup(CacheKey origin, String group) {
        forget(new Removal.Tagged(groupTag(origin, group)), false);
    }

    void forgetPrefix(String urlPrefix, boolean soft) {
        forget(new Removal.Prefix(urlPrefix), soft);
    }

    void forgetAll(boolean soft) {
        forget(new Removal.All(), soft);
    }

    /** The store forgets it either way: what is stale is confirmed by whoever still has it, and put there anew. */
    private void forget(Removal removal, boolean soft) {
        var _ = soft ? store.expire(removal) : store.remove(removal);
    }

    private void heard(Removal removal) {
        if (removal instanceof Removal.Expired(Removal what)) {
            heard(what, true);
        } else {
            heard(removal, false);
        }
    }

    private void heard(Removal removal, boolean soft) {
        switch (removal) {
            case Removal.All() -> drop((key, response) -> true, soft);
            case Removal.Prefix(String prefix) ->
                drop((key, response) -> key.url().startsWith(prefix), soft);
            case Removal.Tagged(String tag) -> heardOfTag(tag, soft);
            case Removal.Key(String ignored) -> {
                // Responses are removed by their tags.
            }
            case Removal.Expired ignored -> {
                // Never in another one.
            }
        }
    }

    private void drop(BiPredicate<CacheKey, StoredResponse> which, boolean soft) {
        if (soft) {
            memory.expireAll(which, clock.millis());
        } else {
            memory.forgetAll(which);
        }
    }

    private void drop(CacheKey key, boolean soft) {
        if (soft) {
            memory.expire(key, clock.millis());
        } else {
            memory.invalidate(key);
        }
    }

    private void heardOfTag(String tag, boolean soft) {
        int space = tag.indexOf(' ');
        String rest = tag.substring(space + 1);
        String[] words = rest.split(String.valueOf(SEPARATOR), -1);
        switch (tag.substring(0, Math.max(0, space))) {
            case "key" -> {
                if (words.length == 5) {
                    drop(new CacheKey(words[0], words[1], words[2], words[3], words[4]), soft);
                }
            }
            case "tag" -> drop((key, response) -> response.hasTag(rest), soft);
            case "group" -> {
                if (words.length == 3) {
                    drop(
                            (key, response) -> key.scheme().equals(words[0])
                                    && key.host().equals(words[1])
                                    && response.isInGroup(Set.of(words[2])),
                            soft);
                }
            }
            default -> {
                // Of another version.
            }
        }
    }
}
