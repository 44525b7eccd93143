package io.juwsgi.cache;

import io.juwsgi.spi.exchange.Fields;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** A response in the cache. Immutable: its fields and its body are never changed, so any thread reads them. */
final class StoredResponse {
    /** What is not of the response but of a connection, or is told anew each time (RFC 9111 section 3.1). */
    private static final Set<String> NOT_STORED = Set.of(
            "age",
            "connection",
            "content-length",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authentication-info",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final int status;
    private final String reason;
    private final Fields fields;
    private final byte[] body;
    private final Variation variation;
    private final Freshness freshness;

    StoredResponse(int status, String reason, Fields fields, byte[] body, Variation variation, Freshness freshness) {
        this.status = status;
        this.reason = reason;
        this.fields = fields;
        this.body = body;
        this.variation = variation;
        this.freshness = freshness;
    }

    /**
     * Returns the fields of a response that are stored, with a Date: who stores a response gives it one (RFC 9110 section
     * 6.6.1).
     */
    static Fields kept(Fields response, long responseMillis) {
        Set<String> listed = listedByConnection(response.all("connection"));
        Fields kept = new Fields(response.size() + 1);
        for (int i = 0; i < response.size(); i++) {
            String name = response.name(i).toLowerCase(Locale.ROOT);
            if (!NOT_STORED.contains(name) && !listed.contains(name)) {
                kept.add(response.name(i), response.value(i));
            }
        }
        if (HttpDate.parse(kept.first("date")) == HttpDate.INVALID) {
            kept.set("Date", HttpDate.format(responseMillis));
        }
        return kept;
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

    /** Returns this response with the head that a 304 gave it (RFC 9111 section 3.2). */
    StoredResponse updated(Fields head, long requestMillis, long responseMillis) {
        Fields renewed = kept(head, responseMillis);
        Fields merged = new Fields(fields.size() + renewed.size());
        for (int i = 0; i < fields.size(); i++) {
            if (!renewed.contains(fields.name(i))) {
                merged.add(fields.name(i), fields.value(i));
            }
        }
        for (int i = 0; i < renewed.size(); i++) {
            merged.add(renewed.name(i), renewed.value(i));
        }
        Freshness now =
                Freshness.of(merged, head.first("age"), CacheControl.ofResponse(merged), requestMillis, responseMillis);
        return new StoredResponse(status, reason, merged, body, variation, now);
    }

    StoredResponse withBody(byte[] whole) {
        return new StoredResponse(status, reason, fields, whole, variation, freshness);
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }

    /** Returns the head's fields, not to be changed. */
    Fields fields() {
        return fields;
    }

    /** Returns the body, not to be changed. */
    byte[] body() {
        return body;
    }

    Variation variation() {
        return variation;
    }

    Freshness freshness() {
        return freshness;
    }

    /** Returns whether the application can be asked if this is still so. */
    boolean hasValidator() {
        return fields.contains("etag") || fields.contains("last-modified");
    }

    /** Returns about how many bytes this takes. */
    long weight() {
        long weight = 256L + body.length + variation.weight();
        for (int i = 0; i < fields.size(); i++) {
            weight += 64 + fields.name(i).length() + fields.value(i).length();
        }
        return weight;
    }
}
