package io.juwsgi.cache.named;

import io.juwsgi.cache.named.NamedCache.Item;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The form of a journal: a line that names it, then records of a checksum over the rest (u32), the length of the key (u32), the
 * length of the value (u32, all ones for a removal), the time of expiry (u64) and both texts, big-endian. No state.
 */
final class JournalReader {
    static final byte[] MAGIC = "juwsgi cache 1\n".getBytes(StandardCharsets.US_ASCII);

    private static final int HEAD = 20;
    private static final int REMOVED = -1;

    private JournalReader() {}

    /** Returns a change as bytes: the item that a key has now, null for none. */
    static ByteBuffer record(Bytes key, @Nullable Item item) {
        int size = item == null ? 0 : item.value().length;
        ByteBuffer out = ByteBuffer.allocate(HEAD + key.array().length + size);
        out.putInt(0).putInt(key.array().length).putInt(item == null ? REMOVED : size);
        out.putLong(item == null ? 0 : item.expires()).put(key.array());
        if (item != null) {
            out.put(item.value());
        }
        out.putInt(0, checksum(out.array()));
        return out.flip();
    }

    private static int checksum(byte[] record) {
        CRC32C crc = new CRC32C();
        crc.update(record, Integer.BYTES, record.length - Integer.BYTES);
        return (int) crc.getValue();
    }

    /**
     * Puts what a journal says into a cache, where the cache has nothing newer. What follows a broken record does not count.
     *
     * @return how many items the cache has then
     * @throws IOException when the file is none, or cannot be read
     */
    static int read(Path path, NamedCache cache) throws IOException {
        if (!Files.exists(path)) {
            return cache.stats().items();
        }
        NamedCache found = new NamedCache(cache.spec(), java.time.InstantSource.system());
        try (InputStream file = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            byte[] magic = file.readNBytes(MAGIC.length);
            if (magic.length > 0 && !Arrays.equals(magic, MAGIC)) {
                throw new IOException("not a file that juwsgi has written (uWSGI's have another form)");
            }
            DataInputStream in = new DataInputStream(file);
            while (readOne(in, found)) {
                // Each call takes one record.
            }
        }
        for (Bytes key : found.keys()) {
            Item item = found.item(key);
            if (item != null) {
                cache.put(key, item, false);
            }
        }
        return cache.stats().items();
    }

    private static boolean readOne(DataInputStream in, NamedCache found) throws IOException {
        byte[] head = in.readNBytes(HEAD);
        if (head.length < HEAD) {
            return false;
        }
        ByteBuffer fields = ByteBuffer.wrap(head);
        int crc = fields.getInt();
        int keyLength = fields.getInt();
        int valueLength = fields.getInt();
        long expires = fields.getLong();
        // Limits may have changed since: what is too long now is read and passed over.
        if (keyLength < 1 || keyLength > 65_535 || valueLength < REMOVED || valueLength > (1 << 30)) {
            return false;
        }
        int size = Math.max(0, valueLength);
        byte[] rest = in.readNBytes(keyLength + size);
        if (rest.length < keyLength + size) {
            return false;
        }
        byte[] whole = Arrays.copyOf(head, HEAD + rest.length);
        System.arraycopy(rest, 0, whole, HEAD, rest.length);
        if (checksum(whole) != crc) {
            return false;
        }
        Bytes key = new Bytes(Arrays.copyOf(rest, keyLength));
        if (valueLength == REMOVED) {
            found.remove(key);
        } else {
            found.put(key, new Item(Arrays.copyOfRange(rest, keyLength, rest.length), expires), true);
        }
        return true;
    }
}
