package io.juwsgi.loadbalancer.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.protocol.subscription.SubscriptionPacket;
import io.juwsgi.spi.balance.Member;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is taken for a member, and for how long. */
class SubscribersTest {
    private static final InetAddress NEAR = InetAddress.getLoopbackAddress();
    private static final InetAddress FAR = InetAddress.ofLiteral("192.0.2.7");
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private final Map<String, List<Member>> groups = new TreeMap<>();
    private final List<String> changes = new ArrayList<>();

    private Subscribers subscribers(SignCheck signs) {
        Subscribers made = new Subscribers(Duration.ofSeconds(17), signs, nanos::get);
        var _ = made.watch((key, members) -> {
            changes.add(key);
            groups.put(key, members);
        });
        return made;
    }

    private Subscribers subscribers() {
        return subscribers(SignCheck.of(Optional.empty(), 0, () -> NOW));
    }

    private static SubscriptionPacket announce(String key, String address, int weight) {
        return SubscriptionPacket.of(false, key, address, 0, 0, weight, 4, NOW.getEpochSecond());
    }

    private static SubscriptionPacket leave(String key, String address) {
        return SubscriptionPacket.of(true, key, address, 0, 0, 1, 4, NOW.getEpochSecond());
    }

    @Test
    void whoAnnouncesItselfIsAMemberUntilItLeavesOrFallsSilent() {
        Subscribers subscribers = subscribers();
        assertThat(subscribers.accept(announce("a", "10.0.0.1:1", 1), NEAR)).isEmpty();
        assertThat(subscribers.accept(announce("a", "10.0.0.2:1", 3), NEAR)).isEmpty();
        assertThat(groups.get("a"))
                .containsExactly(new Member("10.0.0.1:1", 1, false, 0, 0), new Member("10.0.0.2:1", 3, false, 0, 0));
        assertThat(subscribers.accept(leave("a", "10.0.0.1:1"), NEAR)).isEmpty();
        assertThat(groups.get("a")).hasSize(1);
        nanos.addAndGet(Duration.ofSeconds(16).toNanos());
        subscribers.expire();
        assertThat(groups.get("a")).hasSize(1);
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        subscribers.expire();
        assertThat(groups.get("a")).isEmpty();
    }

    @Test
    void sayingTheSameAgainIsNoChange() {
        Subscribers subscribers = subscribers();
        for (int i = 0; i < 5; i++) {
            subscribers.accept(announce("a", "10.0.0.1:1", 1), NEAR);
        }
        assertThat(changes).containsExactly("a");
        subscribers.accept(announce("a", "10.0.0.1:1", 2), NEAR);
        assertThat(changes).hasSize(2);
    }

    @Test
    void whoComesToWatchLaterHearsOfAll() throws Exception {
        Subscribers subscribers = subscribers();
        subscribers.accept(announce("a", "10.0.0.1:1", 1), NEAR);
        List<String> heard = new ArrayList<>();
        try (AutoCloseable _ = subscribers.watch((key, members) -> heard.add(key + members.size()))) {
            subscribers.accept(announce("b", "10.0.0.1:1", 1), NEAR);
        }
        subscribers.accept(announce("c", "10.0.0.1:1", 1), NEAR);
        assertThat(heard).containsExactly("a1", "b1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example:80", "10.0.0.1", "10.0.0.1:0", "10.0.0.1:99999", "/run/app.sock", "[::1]", "a b"})
    void addressesFromAfarAreNumericAndNoPaths(String address) {
        assertThat(subscribers().accept(announce("a", address, 1), FAR)).isNotEmpty();
        assertThat(groups).isEmpty();
    }

    @Test
    void aMissingHostIsTheSenders() {
        Subscribers subscribers = subscribers();
        assertThat(subscribers.accept(announce("a", ":3031", 1), FAR)).isEmpty();
        assertThat(subscribers.accept(announce("b", "/run/app.sock", 1), NEAR)).isEmpty();
        assertThat(subscribers.accept(announce("c", "/run/app.sock", 1), null)).isEmpty();
        assertThat(subscribers.accept(announce("d", ":3031", 1), null)).isNotEmpty();
        assertThat(groups.get("a").getFirst().address()).isEqualTo("192.0.2.7:3031");
    }

    @Test
    void thereIsRoomForSoManyKeysAndServersAndNoMore() {
        Subscribers subscribers = subscribers();
        for (int i = 0; i < Subscribers.MOST_KEYS; i++) {
            assertThat(subscribers.accept(announce("k" + i, "10.0.0.1:1", 1), NEAR))
                    .isEmpty();
        }
        assertThat(subscribers.accept(announce("more", "10.0.0.1:1", 1), NEAR)).contains("keys already");
        for (int i = 1; i < Subscribers.MOST_SERVERS; i++) {
            assertThat(subscribers.accept(announce("k0", "10.0.1.1:" + i, 1), NEAR))
                    .isEmpty();
        }
        assertThat(subscribers.accept(announce("k0", "10.0.0.9:1", 1), NEAR)).contains("servers of its key");
        assertThat(subscribers.accept(announce("k0", "10.0.0.1:1", 1), NEAR)).isEmpty();
    }

    // ---- signatures

    private KeyPair pair(String key) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        Files.writeString(
                directory.resolve(key + ".pem"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(pair.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        return pair;
    }

    private SignCheck check() {
        return SignCheck.of(Optional.of("SHA256:" + directory), 100, () -> NOW);
    }

    private static SubscriptionPacket signed(KeyPair pair, String key, String address, long unix) throws Exception {
        byte[] bytes = SubscriptionPacket.of(false, key, address, 0, 0, 1, 1, unix)
                .bytes(block -> {
                    Signature signature = Signature.getInstance("SHA256withRSA");
                    signature.initSign(pair.getPrivate());
                    signature.update(block);
                    return signature.sign();
                });
        return SubscriptionPacket.read(bytes);
    }

    @Test
    void onlyTheKeysOwnerMayAnnounceAndOnlyOnceWithOnePacket() throws Exception {
        KeyPair own = pair("example.org");
        KeyPair other = pair("other.org");
        Subscribers subscribers = subscribers(check());
        long now = NOW.getEpochSecond();
        assertThat(subscribers.accept(announce("example.org", "10.0.0.1:1", 1), NEAR))
                .isEqualTo("it is not signed");
        assertThat(subscribers.accept(signed(other, "example.org", "10.0.0.1:1", now), NEAR))
                .isEqualTo("its signature is not that of its key");
        SubscriptionPacket good = signed(own, "example.org", "10.0.0.1:1", now);
        assertThat(subscribers.accept(good, NEAR)).isEmpty();
        assertThat(subscribers.accept(good, NEAR)).isEqualTo("it was heard before");
        assertThat(subscribers.accept(signed(own, "example.org", "10.0.0.1:1", now - 1), NEAR))
                .isEqualTo("it was heard before");
        assertThat(subscribers.accept(signed(own, "example.org", "10.0.0.1:1", now + 1), NEAR))
                .isEmpty();
        assertThat(subscribers.accept(signed(own, "example.org", "10.0.0.2:1", now - 101), NEAR))
                .contains("too old");
        assertThat(subscribers.accept(signed(own, "example.org", "10.0.0.2:1", now + 101), NEAR))
                .contains("from the future");
        assertThat(groups.get("example.org")).hasSize(1);
    }

    @Test
    void aPacketThatWasHeardBeforeTheServerLeftDoesNotBringItBack() throws Exception {
        KeyPair own = pair("k");
        Subscribers subscribers = subscribers(check());
        SubscriptionPacket good = signed(own, "k", "10.0.0.1:1", NOW.getEpochSecond());
        assertThat(subscribers.accept(good, NEAR)).isEmpty();
        nanos.addAndGet(Duration.ofSeconds(20).toNanos());
        subscribers.expire();
        assertThat(subscribers.accept(good, NEAR)).isEqualTo("it was heard before");
        assertThat(groups.get("k")).isEmpty();
    }

    @Test
    void aChangedPacketIsForged() throws Exception {
        KeyPair own = pair("k");
        byte[] bytes = SubscriptionPacket.of(false, "k", "10.0.0.1:1", 0, 0, 1, 1, NOW.getEpochSecond())
                .bytes(block -> {
                    Signature signature = Signature.getInstance("SHA256withRSA");
                    signature.initSign(own.getPrivate());
                    signature.update(block);
                    return signature.sign();
                });
        int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("10.0.0.1");
        bytes[at] = '2';
        assertThat(subscribers(check()).accept(SubscriptionPacket.read(bytes), NEAR))
                .isEqualTo("its signature is not that of its key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../k", "a/b", ".hidden", "k\\..", "..", "unknown"})
    void noKeyLeadsOutOfTheDirectory(String key) throws Exception {
        KeyPair own = pair("k");
        assertThat(subscribers(check()).accept(signed(own, key, "10.0.0.1:1", NOW.getEpochSecond()), NEAR))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA256", "NONE:/tmp", "SHA256:/no/such/directory"})
    void whatIsWrongWithTheSettingIsTold(String text) {
        assertThatThrownBy(() -> SignCheck.of(Optional.of(text), 100, () -> NOW))
                .isInstanceOf(ConfigException.class);
    }
}
