package io.juwsgi.protocol.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.juwsgi.protocol.uwsgi.UwsgiException;
import io.juwsgi.protocol.uwsgi.UwsgiHeader;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Datagrams by which servers announce themselves. */
final class SubscriptionPacketTest {
    private static final SubscriptionPacket PACKET =
            SubscriptionPacket.of(false, "example.org", "127.0.0.1:3031", 5, 7, 3, 8, 1_700_000_000);

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        SubscriptionPacket read = SubscriptionPacket.read(PACKET.bytes());
        assertThat(read).usingRecursiveComparison().isEqualTo(PACKET);
        SubscriptionPacket leave = SubscriptionPacket.read(
                SubscriptionPacket.of(true, "k", "/run/a.sock", 0, 0, 1, 0, 0).bytes());
        assertThat(leave.leaves()).isTrue();
        assertThat(leave.address()).isEqualTo("/run/a.sock");
    }

    @Test
    void aSignatureIsOfAllThatStandsBeforeIt() throws Exception {
        byte[] bytes = PACKET.bytes(block -> new byte[] {1, 2, 3});
        SubscriptionPacket read = SubscriptionPacket.read(bytes);
        assertThat(read.signature()).containsExactly(1, 2, 3);
        byte[] plain = PACKET.bytes();
        assertThat(read.signed()).isEqualTo(Arrays.copyOfRange(plain, UwsgiHeader.SIZE, plain.length));
    }

    @Test
    void nothingMayStandBehindASignature() throws Exception {
        byte[] signed = PACKET.bytes(block -> new byte[] {1, 2, 3});
        byte[] more = {7, 0, 'a', 'd', 'd', 'r', 'e', 's', 's', 3, 0, 'x', ':', '1'};
        byte[] both = Arrays.copyOf(signed, signed.length + more.length);
        System.arraycopy(more, 0, both, signed.length, more.length);
        new UwsgiHeader(SubscriptionPacket.MODIFIER, both.length - UwsgiHeader.SIZE, 0).write(both, 0);
        assertThatThrownBy(() -> SubscriptionPacket.read(both)).isInstanceOf(UwsgiException.class);
    }

    @Test
    void whatIsNoPacketIsRefused() {
        byte[] good = PACKET.bytes();
        byte[] otherModifier = good.clone();
        otherModifier[0] = 0;
        byte[] wrongSize = good.clone();
        wrongSize[1]++;
        for (byte[] bad : new byte[][] {
            {},
            {(byte) 224, 0, 0},
            {(byte) 224, 0, 0, 0},
            otherModifier,
            wrongSize,
            Arrays.copyOf(good, good.length - 1),
            new byte[SubscriptionPacket.LIMIT + 1],
            SubscriptionPacket.of(false, "a b", "x:1", 0, 0, 1, 0, 0).bytes(),
            SubscriptionPacket.of(false, "k".repeat(256), "x:1", 0, 0, 1, 0, 0).bytes(),
            SubscriptionPacket.of(false, "", "x:1", 0, 0, 1, 0, 0).bytes(),
            SubscriptionPacket.of(false, "k", "x:1", 256, 0, 1, 0, 0).bytes()
        }) {
            assertThatThrownBy(() -> SubscriptionPacket.read(bad)).isInstanceOf(UwsgiException.class);
        }
    }

    @FuzzTest
    void anyBytesAreAPacketOrRefused(byte[] bytes) {
        try {
            SubscriptionPacket read = SubscriptionPacket.read(bytes);
            assertThat(read.key()).isNotEmpty();
            assertThat(read.modifier1()).isBetween(0, 255);
            assertThat(read.weight()).isBetween(1, 1000);
        } catch (UwsgiException e) {
            assertThat(e).hasMessageMatching("(subscription|uwsgi)[^\\x00-\\x1f]*");
        }
    }
}
