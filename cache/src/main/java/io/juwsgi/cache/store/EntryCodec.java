package io.juwsgi.cache.store;

import io.juwsgi.cache.rule.Freshness;
import io.juwsgi.cache.rule.Variation;
import io.juwsgi.spi.exchange.Fields;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stored responses as bytes, for what outlives this process: one byte for the version, then the key, the head, and the body at
 * the end. Another version, or bytes that are damaged, read as nothing stored.
 */
public final class EntryCodec {
    /** Goes up with each change of what is written. */
    private static final byte VERSION = 1;

    /** How far in front of the body the lifetime stands: it, what may be done with a stale response, and the body's length. */
    static final int LIFETIME_BEFORE_BODY = 8 + (3 + 8 + 8 + 1) + 8;

    private static final int MOST_FIELDS = 1024;
    private static final int LONGEST_TEXT = 1 << 20;

    private EntryCodec() {}

    /** A response with the key that it is stored under. */
    public record Entry(CacheKey key, StoredResponse response) {}

    /**
     * Writes the head of a response; its body's length stands in it, and its body belongs behind it.
     *
     * @param bodyLength how long the body is
     */
    public static byte[] head(CacheKey key, StoredResponse response, long bodyLength) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try {
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeByte(VERSION);
            write(out, key);
            out.writeShort(response.status());
            text(out, response.reason());
            write(out, response.fields());
            write(out, response.variation());
            write(out, response.freshness());
            out.writeLong(bodyLength);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /** Writes a whole response that is in memory. */
    public static byte[] whole(CacheKey key, StoredResponse response, byte[] body) {
        byte[] head = head(key, response, body.length);
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    /** Reads what {@link #whole} wrote, or returns null. */
    public static @Nullable Entry read(byte[] bytes) {
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            Entry entry = head(in);
            long length = in.readLong();
            if (length != in.available()) {
                return null;
            }
            return new Entry(entry.key(), entry.response().with(new Body.Bytes(in.readAllBytes())));
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * Reads a head, up to the length of the body, which is next.
     *
     * @throws IOException when it is of another version, or damaged
     */
    static Entry head(DataInputStream in) throws IOException {
        if (in.readByte() != VERSION) {
            throw new IOException("another version");
        }
        CacheKey key = new CacheKey(text(in), text(in), text(in), text(in), text(in));
        int status = in.readUnsignedShort();
        String reason = text(in);
        return new Entry(key, StoredResponse.of(status, reason, fields(in), variation(in), freshness(in)));
    }

    private static void write(DataOutputStream out, CacheKey key) throws IOException {
        text(out, key.scheme());
        text(out, key.host());
        text(out, key.target());
        text(out, key.path());
        text(out, key.query());
    }

    private static void write(DataOutputStream out, Fields fields) throws IOException {
        out.writeInt(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            text(out, fields.name(i));
            text(out, fields.value(i));
        }
    }

    private static Fields fields(DataInputStream in) throws IOException {
        int count = count(in);
        Fields fields = new Fields(count);
        for (int i = 0; i < count; i++) {
            fields.add(text(in), text(in));
        }
        return fields;
    }

    private static void write(DataOutputStream out, Variation variation) throws IOException {
        List<@Nullable String> values = variation.values();
        out.writeInt(values.size());
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i);
            text(out, variation.names().get(i));
            out.writeBoolean(value != null);
            text(out, value == null ? "" : value);
        }
    }

    private static Variation variation(DataInputStream in) throws IOException {
        int count = count(in);
        List<String> names = new ArrayList<>(count);
        List<@Nullable String> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(text(in));
            boolean there = in.readBoolean();
            String value = text(in);
            values.add(there ? value : null);
        }
        return count == 0 ? Variation.NONE : new Variation(List.copyOf(names), values);
    }

    private static void write(DataOutputStream out, Freshness freshness) throws IOException {
        out.writeLong(freshness.responseMillis());
        out.writeLong(freshness.initialAge());
        out.writeLong(freshness.lifetime());
        Freshness.Staleness stale = freshness.stale();
        out.writeBoolean(stale.noCache());
        out.writeBoolean(stale.mustRevalidate());
        out.writeBoolean(stale.shared());
        out.writeLong(stale.whileRevalidate());
        out.writeLong(stale.ifError());
        out.writeBoolean(stale.immutable());
    }

    private static Freshness freshness(DataInputStream in) throws IOException {
        return new Freshness(
                in.readLong(),
                in.readLong(),
                in.readLong(),
                new Freshness.Staleness(
                        in.readBoolean(),
                        in.readBoolean(),
                        in.readBoolean(),
                        in.readLong(),
                        in.readLong(),
                        in.readBoolean()));
    }

    /** Header texts are one byte a char. */
    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > LONGEST_TEXT) {
            throw new IOException("a text of " + length + " bytes");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length != length) {
            throw new IOException("cut off");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST_FIELDS) {
            throw new IOException(count + " fields");
        }
        return count;
    }
}
