package io.juwsgi.cache.store;

import com.github.benmanes.caffeine.cache.Interner;
import io.juwsgi.cache.rule.ByteRange;
import io.juwsgi.cache.rule.Freshness;
import io.juwsgi.cache.rule.HttpDate;
import io.juwsgi.cache.rule.StructuredFields;
import io.juwsgi.cache.rule.Variation;
import io.juwsgi.spi.exchange.Fields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A response in the cache. Immutable: its fields and its body are never changed, so any thread reads them. */
public final class StoredResponse {
    /** What is not of the response but of a connection, or is told anew each time (RFC 9111 section 3.1). */
    private static final Set<String> NOT_STORED = Set.of(
            "age",
            "connection",
            "content-length",
            "content-range",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authentication-info",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** Names and values that many stored responses have, once. */
    private static final Interner<String> SHARED = Interner.newWeakInterner();

    private static final int LONGEST_SHARED = 64;
    private static final int FIELD_WEIGHT = 24;

    /** For how long a stale response with a validator is kept by a shared store, to be confirmed. */
    private static final long VALIDATED_SECONDS = 24 * 60 * 60;

    private final int status;
    private final String reason;
    private final Fields fields;
    private final Body body;
    private final Variation variation;
    private final Freshness freshness;
    private final @Nullable ByteRange part;

    private StoredResponse(
            int status,
            String reason,
            Fields fields,
            Body body,
            Variation variation,
            Freshness freshness,
            @Nullable ByteRange part) {
        this.status = status;
        this.reason = reason;
        this.fields = fields;
        this.body = body;
        this.variation = variation;
        this.freshness = freshness;
        this.part = part;
    }

    /** Makes one without a body; {@code fields} are those that are {@linkplain #kept kept}. */
    public static StoredResponse of(
            int status, String reason, Fields fields, Variation variation, Freshness freshness) {
        return new StoredResponse(status, reason, fields, Body.NONE, variation, freshness, null);
    }

    /**
     * Returns the fields of a response that are stored, with a Date: who stores a response gives it one (RFC 9110 section
     * 6.6.1).
     *
     * @param withheld names, lower case, that the response itself keeps from caches
     */
    public static Fields kept(Fields response, Set<String> withheld, long responseMillis) {
        Set<String> listed = listedByConnection(response.all("connection"));
        Fields kept = new Fields(response.size() + 1);
        for (int i = 0; i < response.size(); i++) {
            String name = response.name(i).toLowerCase(Locale.ROOT);
            if (!NOT_STORED.contains(name) && !listed.contains(name) && !withheld.contains(name)) {
                kept.add(SHARED.intern(response.name(i)), shared(response.value(i)));
            }
        }
        if (HttpDate.parse(kept.first("date")) == HttpDate.INVALID) {
            kept.set("Date", HttpDate.format(responseMillis));
        }
        return kept;
    }

    /** Most values are those of other responses as well; a long one is not worth looking for. */
    private static String shared(String value) {
        return value.length() > LONGEST_SHARED ? value : SHARED.intern(value);
    }

    private static Set<String> listedByConnection(List<String> lists) {
        if (lists.isEmpty()) {
            return Set.of();
        }
        Set<String> names = new TreeSet<>();
        for (String list : lists) {
            for (String name : list.split(",", -1)) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    /** Returns the fields after a 304, or a HEAD response, has renewed them (RFC 9111 section 3.2). */
    public Fields renewedBy(Fields head, Set<String> withheld, long responseMillis) {
        Fields renewed = kept(head, withheld, responseMillis);
        Fields merged = new Fields(fields.size() + renewed.size());
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            boolean coding = name.equalsIgnoreCase("content-encoding");
            if (coding || (!renewed.contains(name) && !withheld.contains(name.toLowerCase(Locale.ROOT)))) {
                merged.add(name, fields.value(i));
            }
        }
        for (int i = 0; i < renewed.size(); i++) {
            // The bytes are the old ones, whatever coding the new head tells (RFC 9111 section 3.2).
            if (!renewed.name(i).equalsIgnoreCase("content-encoding")) {
                merged.add(renewed.name(i), renewed.value(i));
            }
        }
        return merged;
    }

    /** Returns this response with another head. */
    public StoredResponse with(Fields head, Freshness now) {
        return new StoredResponse(status, reason, head, body, variation, now, part);
    }

    /** Returns this response as no longer fresh. */
    public StoredResponse expired() {
        return new StoredResponse(status, reason, fields, body, variation, freshness.ended(), part);
    }

    /** Returns this response as fresh until now and no longer; itself when it is stale already. */
    public StoredResponse expiredAt(long nowMillis) {
        Freshness over = freshness.endedAt(nowMillis);
        return over.equals(freshness) ? this : new StoredResponse(status, reason, fields, body, variation, over, part);
    }

    public StoredResponse with(Body whole) {
        return new StoredResponse(status, reason, fields, whole, variation, freshness, part);
    }

    /** Returns this response as one of which only a part is there, or as a whole one when that is all of it. */
    public StoredResponse with(ByteRange there, byte[] bytes) {
        boolean whole = there.count() == there.total();
        return new StoredResponse(
                whole ? 200 : 206,
                whole ? "OK" : "Partial Content",
                fields,
                new Body.Bytes(bytes),
                variation,
                freshness,
                whole ? null : there);
    }

    public int status() {
        return status;
    }

    public String reason() {
        return reason;
    }

    /** Returns the head's fields, not to be changed. */
    public Fields fields() {
        return fields;
    }

    public Body body() {
        return body;
    }

    public Variation variation() {
        return variation;
    }

    public Freshness freshness() {
        return freshness;
    }

    /** Returns which part of the representation the body is, null when it is all of it. */
    public @Nullable ByteRange part() {
        return part;
    }

    /** Returns whether the application can be asked if this is still so. */
    public boolean hasValidator() {
        return fields.contains("etag") || fields.contains("last-modified");
    }

    /** Returns whether it has one of the tags that its Surrogate-Key or Cache-Tag field lists. */
    public boolean hasTag(String tag) {
        return listed("surrogate-key", " ").contains(tag)
                || listed("cache-tag", ",").contains(tag);
    }

    /** Returns the tags that a purge may name. */
    public Set<String> tags() {
        Set<String> all = new TreeSet<>(listed("surrogate-key", " "));
        all.addAll(listed("cache-tag", ","));
        return all;
    }

    private List<String> listed(String field, String separator) {
        List<String> all = new ArrayList<>(2);
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equalsIgnoreCase(field)) {
                for (String tag : fields.value(i).split(separator, -1)) {
                    all.add(tag.strip());
                }
            }
        }
        return all;
    }

    /** Returns whether it belongs to one of some groups of its origin (RFC 9875 section 2). */
    public boolean isInGroup(Set<String> groups) {
        return fields.contains("cache-groups") && !Collections.disjoint(groups(fields.all("cache-groups")), groups);
    }

    /** Reads a Cache-Groups or Cache-Group-Invalidation field; empty when it is not valid. */
    public static Set<String> groups(List<String> lines) {
        List<Object> members = lines.isEmpty() ? List.of() : StructuredFields.list(String.join(",", lines));
        Set<String> groups = new TreeSet<>();
        if (members != null) {
            for (Object member : members) {
                if (member instanceof String group) {
                    groups.add(group);
                }
            }
        }
        return groups;
    }

    /** Returns about how many bytes of memory this takes. */
    public long weight() {
        long weight = 256L + variation.weight() + (body instanceof Body.Bytes bytes ? bytes.length() : 64);
        for (int i = 0; i < fields.size(); i++) {
            weight += FIELD_WEIGHT + fields.value(i).length();
        }
        return weight;
    }

    /** Returns how long the whole representation is. */
    public long totalLength() {
        return part == null ? body.length() : part.total();
    }

    /** Returns how many seconds this is worth keeping: as long as it is fresh, and while it may be renewed after that. */
    public long worthSeconds(long nowMillis) {
        long left = Math.max(0, freshness.left(nowMillis));
        long after =
                Math.max(freshness.stale().whileRevalidate(), freshness.stale().ifError());
        return left + Math.max(after, hasValidator() ? VALIDATED_SECONDS : 0);
    }
}
