package io.juwsgi.protocol.subscription;

import io.juwsgi.protocol.uwsgi.UwsgiException;
import io.juwsgi.protocol.uwsgi.UwsgiHeader;
import io.juwsgi.protocol.uwsgi.UwsgiVariables;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * What a server says of itself to a router, in one datagram: a uwsgi header with modifier1 224 and a block of variables. Reading
 * it takes nothing for granted; who may say so is for the reader to decide.
 *
 * @param leaves whether the server says goodbye, or that it is there
 * @param key which requests it wants, mostly a Host
 * @param address where it listens; a host may be missing before the colon: the sender's is meant
 * @param modifier1 modifier1 of requests, 0 to 255
 * @param modifier2 modifier2 of requests, 0 to 255
 * @param weight its share of requests, at least 1
 * @param cores how many requests it serves at a time, 0 when it does not say
 * @param load how much it has to do, by its own account
 * @param backup whether it gets requests only while no other server of the key can take them
 * @param more further variables that are sent, after the others; what is read of such is not kept
 * @param unix when the packet was made, in seconds since 1970; 0 when it does not say
 * @param signed the bytes that the signature is of; empty without one
 * @param signature the signature; empty without one
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record SubscriptionPacket(
        boolean leaves,
        String key,
        String address,
        int modifier1,
        int modifier2,
        int weight,
        int cores,
        long load,
        boolean backup,
        Map<String, String> more,
        long unix,
        byte[] signed,
        byte[] signature) {
    /** modifier1 of subscription packets. */
    public static final int MODIFIER = 224;

    /** The largest packet, in bytes. */
    public static final int LIMIT = UwsgiHeader.SIZE + 4096;

    /** The longest key, in bytes. */
    public static final int LONGEST_KEY = 255;

    private static final int LONGEST_ADDRESS = 255;
    private static final int MOST_VARIABLES = 64;
    private static final int MOST_WEIGHT = 1000;

    /** Copies the further variables. */
    public SubscriptionPacket {
        more = Map.copyOf(more);
    }

    /** Makes a packet without signature. */
    public static SubscriptionPacket of(
            boolean leaves,
            String key,
            String address,
            int modifier1,
            int modifier2,
            int weight,
            int cores,
            long unix) {
        byte[] none = {};
        return new SubscriptionPacket(
                leaves, key, address, modifier1, modifier2, weight, cores, 0, false, Map.of(), unix, none, none);
    }

    /** Returns this one with further variables, such as {@code sni_key}. */
    public SubscriptionPacket with(Map<String, String> variables) {
        return new SubscriptionPacket(
                leaves, key, address, modifier1, modifier2, weight, cores, load, backup, variables, unix, signed,
                signature);
    }

    /**
     * Reads a packet.
     *
     * @param bytes the whole datagram
     * @throws UwsgiException when it is none; the message has nothing that was sent
     */
    public static SubscriptionPacket read(byte[] bytes) throws UwsgiException {
        if (bytes.length < UwsgiHeader.SIZE || bytes.length > LIMIT) {
            throw new UwsgiException("subscription: " + bytes.length + " bytes (expected: 4 to " + LIMIT + ")");
        }
        UwsgiHeader header = UwsgiHeader.read(bytes, 0);
        if (header.modifier1() != MODIFIER || header.size() != bytes.length - UwsgiHeader.SIZE) {
            throw new UwsgiException("subscription: modifier1 " + header.modifier1() + ", block of " + header.size()
                    + " bytes (expected: " + MODIFIER + ", " + (bytes.length - UwsgiHeader.SIZE) + ")");
        }
        Reading reading = new Reading(bytes);
        UwsgiVariables.read(bytes, UwsgiHeader.SIZE, bytes.length, reading);
        return reading.packet(header.modifier2() == 1);
    }

    /** What has been read so far. */
    private static final class Reading implements UwsgiVariables.Visitor {
        private final byte[] bytes;
        private int at = UwsgiHeader.SIZE;
        private int count;
        private String key = "";
        private String address = "";
        private String modifier1 = "";
        private String modifier2 = "";
        private String weight = "";
        private String cores = "";
        private String load = "";
        private String backup = "";
        private String unix = "";
        private byte[] signed = {};
        private byte[] signature = {};

        Reading(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void variable(String name, String value) {
            count++;
            switch (name) {
                case "key" -> key = value;
                case "address" -> address = value;
                case "modifier1" -> modifier1 = value;
                case "modifier2" -> modifier2 = value;
                case "weight" -> weight = value;
                case "cores" -> cores = value;
                case "load" -> load = value;
                case "backup" -> backup = value;
                case "unix" -> unix = value;
                case "sign" -> {
                    signed = Arrays.copyOfRange(bytes, UwsgiHeader.SIZE, at);
                    signature = value.getBytes(StandardCharsets.ISO_8859_1);
                }
                default -> {
                    // Certificates for names, sockets to answer to: the wire chooses no files here.
                }
            }
            if (!name.equals("sign") && signature.length > 0) {
                // It would not be covered by the signature.
                count = MOST_VARIABLES + 1;
            }
            at += 4 + name.length() + value.length();
        }

        SubscriptionPacket packet(boolean leaves) throws UwsgiException {
            if (count > MOST_VARIABLES) {
                throw new UwsgiException("subscription: too many variables, or some behind the signature");
            }
            text("key", key, LONGEST_KEY);
            text("address", address, LONGEST_ADDRESS);
            return new SubscriptionPacket(
                    leaves,
                    key,
                    address,
                    (int) number("modifier1", modifier1, 255),
                    (int) number("modifier2", modifier2, 255),
                    Math.clamp(number("weight", weight, Integer.MAX_VALUE), 1, MOST_WEIGHT),
                    (int) number("cores", cores, 1_000_000),
                    number("load", load, Integer.MAX_VALUE),
                    number("backup", backup, Integer.MAX_VALUE) > 0,
                    Map.of(),
                    number("unix", unix, Long.MAX_VALUE / 10),
                    signed,
                    signature);
        }

        private static void text(String name, String value, int longest) throws UwsgiException {
            boolean plain = value.chars().allMatch(c -> c > ' ' && c < 127);
            if (value.isEmpty() || value.length() > longest || !plain) {
                throw new UwsgiException("subscription: " + name + " of " + value.length() + " bytes (expected: 1 to "
                        + longest + " of printable ASCII)");
            }
        }

        private static long number(String name, String value, long most) throws UwsgiException {
            boolean digits = value.length() <= 18 && value.chars().allMatch(c -> c >= '0' && c <= '9');
            long number = value.isEmpty() ? 0 : digits ? Long.parseLong(value) : -1;
            if (number < 0 || number > most) {
                throw new UwsgiException("subscription: " + name + " is no number up to " + most);
            }
            return number;
        }
    }

    /** Signs bytes. */
    @FunctionalInterface
    public interface Signer {
        byte[] sign(byte[] bytes) throws java.security.GeneralSecurityException;
    }

    /** Returns the datagram, without signature. */
    public byte[] bytes() {
        return datagram(block().toByteArray());
    }

    /** Returns the datagram with a signature over all that stands before it. */
    public byte[] bytes(Signer signer) throws java.security.GeneralSecurityException {
        ByteArrayOutputStream block = block();
        byte[] sign = signer.sign(block.toByteArray());
        put(block, "sign", sign);
        return datagram(block.toByteArray());
    }

    private ByteArrayOutputStream block() {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        put(block, "key", key);
        put(block, "address", address);
        put(block, "modifier1", Integer.toString(modifier1));
        put(block, "modifier2", Integer.toString(modifier2));
        put(block, "cores", Integer.toString(cores));
        put(block, "load", Long.toString(load));
        put(block, "weight", Integer.toString(weight));
        if (backup) {
            put(block, "backup", "1");
        }
        more.forEach((name, value) -> put(block, name, value));
        if (unix > 0) {
            put(block, "unix", Long.toString(unix));
        }
        return block;
    }

    private static void put(ByteArrayOutputStream out, String name, String value) {
        put(out, name, value.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void put(ByteArrayOutputStream out, String name, byte[] value) {
        byte[] known = name.getBytes(StandardCharsets.ISO_8859_1);
        out.write(known.length);
        out.write(known.length >> 8);
        out.writeBytes(known);
        out.write(value.length);
        out.write(value.length >> 8);
        out.writeBytes(value);
    }

    private byte[] datagram(byte[] block) {
        byte[] all = new byte[UwsgiHeader.SIZE + block.length];
        new UwsgiHeader(MODIFIER, block.length, leaves ? 1 : 0).write(all, 0);
        System.arraycopy(block, 0, all, UwsgiHeader.SIZE, block.length);
        return all;
    }
}
