package io.juwsgi.loadbalancer.subscription;

import io.juwsgi.protocol.subscription.SubscriptionPacket;
import io.juwsgi.spi.balance.Member;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who has announced itself to one subscription server, by keys. One thread accepts and expires; any may watch.
 */
final class Subscribers {
    /** More keys than this are an attack or a mistake. */
    static final int MOST_KEYS = 10_000;

    /** More servers of one key than this are, too. */
    static final int MOST_SERVERS = 1_000;

    /** A numeric host, or none for the sender's, and a port. */
    private static final Pattern NUMERIC = Pattern.compile("([0-9.]{7,15}|\\[[0-9a-fA-F:.]{2,45}]|):([1-9][0-9]{0,4})");

    private record Seen(Member member, long nanos) {}

    private final Duration tolerance;
    private final SignCheck signs;
    private final LongSupplier nanoTime;
    private final Map<String, Map<String, Seen>> keys = new LinkedHashMap<>();
    private final List<BiConsumer<String, List<Member>>> watchers = new CopyOnWriteArrayList<>();

    /**
     * Makes an empty set.
     *
     * @param tolerance how long a server stays that says nothing
     * @param signs checks who may announce what
     * @param nanoTime the clock
     */
    Subscribers(Duration tolerance, SignCheck signs, LongSupplier nanoTime) {
        this.tolerance = tolerance;
        this.signs = signs;
        this.nanoTime = nanoTime;
    }

    /** Tells {@code watcher} of all groups there are, and of each change from now on. */
    synchronized AutoCloseable watch(BiConsumer<String, List<Member>> watcher) {
        watchers.add(watcher);
        keys.forEach((key, servers) -> watcher.accept(key, members(servers)));
        return () -> watchers.remove(watcher);
    }

    /**
     * Takes what a server says of itself.
     *
     * @param sender where it came from; null over a Unix socket
     * @return why it is not taken, empty when it is; the text has nothing that was sent
     */
    synchronized String accept(SubscriptionPacket packet, @Nullable InetAddress sender) {
        String address = address(packet.address(), sender);
        if (address.isEmpty()) {
            return "its address is neither numeric nor a path from this machine";
        }
        String wrong = signs.check(packet);
        if (!wrong.isEmpty()) {
            return wrong;
        }
        if (packet.leaves()) {
            return leave(packet.key(), address);
        }
        return announce(
                packet.key(),
                new Member(address, packet.weight(), packet.backup(), packet.modifier1(), packet.modifier2()));
    }

    /** Returns where a server listens; empty when it may not be there. */
    static String address(String said, @Nullable InetAddress sender) {
        if (said.startsWith("/")) {
            boolean local = sender == null || sender.isLoopbackAddress();
            return local && said.length() <= 107 ? said : "";
        }
        var numeric = NUMERIC.matcher(said);
        if (!numeric.matches() || Integer.parseInt(numeric.group(2)) > 65_535) {
            return "";
        }
        if (!numeric.group(1).isEmpty()) {
            return said;
        }
        if (sender == null) {
            return "";
        }
        String host = sender.getHostAddress();
        int zone = host.indexOf('%');
        String plain = zone < 0 ? host : host.substring(0, zone);
        return (plain.indexOf(':') < 0 ? plain : "[" + plain + "]") + said;
    }

    private String announce(String key, Member member) {
        Map<String, Seen> servers = keys.get(key);
        if (servers == null) {
            if (keys.size() >= MOST_KEYS) {
                return "there are " + MOST_KEYS + " keys already";
            }
            servers = new LinkedHashMap<>();
            keys.put(key, servers);
        }
        if (servers.size() >= MOST_SERVERS && !servers.containsKey(member.address())) {
            return "there are " + MOST_SERVERS + " servers of its key already";
        }
        Seen before = servers.put(member.address(), new Seen(member, nanoTime.getAsLong()));
        if (before == null || !before.member().equals(member)) {
            tell(key, servers);
        }
        return "";
    }

    private String leave(String key, String address) {
        Map<String, Seen> servers = keys.get(key);
        if (servers != null && servers.remove(address) != null) {
            left(key, servers);
        }
        return "";
    }

    private void left(String key, Map<String, Seen> servers) {
        if (servers.isEmpty()) {
            keys.remove(key);
        }
        tell(key, servers);
    }

    /** Leaves out those who have said nothing for too long. */
    synchronized void expire() {
        long now = nanoTime.getAsLong();
        for (String key : List.copyOf(keys.keySet())) {
            Map<String, Seen> servers = keys.get(key);
            if (servers != null && servers.values().removeIf(seen -> now - seen.nanos() > tolerance.toNanos())) {
                left(key, servers);
            }
        }
    }

    private void tell(String key, Map<String, Seen> servers) {
        List<Member> now = members(servers);
        watchers.forEach(watcher -> watcher.accept(key, now));
    }

    /** Returns all that is known, as {@link #takeOver} reads it. */
    synchronized byte[] handOver() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(keys.values().stream().mapToInt(Map::size).sum());
        for (var group : keys.entrySet()) {
            for (Seen seen : group.getValue().values()) {
                Member member = seen.member();
                out.writeUTF(group.getKey());
                out.writeUTF(member.address());
                out.writeShort(member.weight());
                out.writeBoolean(member.backup());
                out.writeByte(member.modifier1());
                out.writeByte(member.modifier2());
            }
        }
        Map<String, Long> last = signs.lastOnes();
        out.writeInt(last.size());
        for (var one : last.entrySet()) {
            out.writeUTF(one.getKey());
            out.writeLong(one.getValue());
        }
        return bytes.toByteArray();
    }

    /** Takes what another process knew: its members stay as if they had announced themselves just now. */
    synchronized void takeOver(byte[] known) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(known));
        for (int left = in.readInt(); left > 0; left--) {
            String key = in.readUTF();
            Member member = new Member(
                    in.readUTF(),
                    in.readUnsignedShort(),
                    in.readBoolean(),
                    in.readUnsignedByte(),
                    in.readUnsignedByte());
            if (!keys.containsKey(key) || !keys.get(key).containsKey(member.address())) {
                announce(key, member);
            }
        }
        Map<String, Long> last = new HashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            last.put(in.readUTF(), in.readLong());
        }
        signs.lastOnes(last);
    }

    private static List<Member> members(Map<String, Seen> servers) {
        List<Member> members = new ArrayList<>(servers.size());
        servers.values().forEach(seen -> members.add(seen.member()));
        return List.copyOf(members);
    }
}
