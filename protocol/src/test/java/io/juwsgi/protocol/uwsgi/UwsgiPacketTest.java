package io.juwsgi.protocol.uwsgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UwsgiPacketTest {

    @Test
    void writesHeaderAndVariablesLittleEndian() {
        byte[] packet =
                new UwsgiPacket().add("AB", "x".repeat(256)).add("C", "").bytes(5, 7);
        assertThat(HexFormat.of().formatHex(packet, 0, 12))
                .isEqualTo("05" + "0b01" + "07" + "02004142" + "0001" + "7878");
        assertThat(HexFormat.of().formatHex(packet, packet.length - 5, packet.length))
                .isEqualTo("0100430000");
        assertThat(UwsgiHeader.read(packet, 0)).isEqualTo(new UwsgiHeader(5, 267, 7));
    }

    @Test
    void readsWhatItWrote() throws Exception {
        byte[] packet = new UwsgiPacket()
                .add("A", "caf\u00e9")
                .add("A", "")
                .add("B", "2")
                .bytes(0, 0);
        List<String> read = new ArrayList<>();
        UwsgiVariables.read(packet, 4, packet.length, (name, value) -> read.add(name + "=" + value));
        assertThat(read).containsExactly("A=caf\u00e9", "A=", "B=2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"00", "0000", "0100", "010041", "01004100", "0100410100", "ffff41", "00000000", "010041020042"})
    void refusesMalformedBlocks(String hex) {
        byte[] block = HexFormat.of().parseHex(hex);
        assertThatThrownBy(() -> UwsgiVariables.read(block, 0, block.length, (name, value) -> {}))
                .isInstanceOf(UwsgiException.class)
                .hasMessageStartingWith("uwsgi variable");
    }

    @Test
    void refusesToWriteWhatDoesNotFit() {
        assertThatThrownBy(() -> new UwsgiPacket().add("A", "x".repeat(65_536)))
                .hasMessageContaining("65536 bytes (expected: at most 65535)");
        assertThatThrownBy(() -> new UwsgiPacket().add("", "x")).hasMessageContaining("empty name");
        UwsgiPacket full = new UwsgiPacket().add("A", "x".repeat(65_500)).add("B", "x".repeat(100));
        assertThatThrownBy(() -> full.bytes(0, 0)).hasMessageContaining("uwsgi size: ");
    }
}
