package io.juwsgi.protocol.uwsgi;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

final class UwsgiFuzzTest {

    @FuzzTest(maxDuration = "30s")
    void blocksAreRefusedOrReadToTheirEnd(byte[] block) {
        UwsgiPacket again = new UwsgiPacket();
        try {
            UwsgiVariables.read(block, 0, block.length, again::add);
        } catch (UwsgiException e) {
            assertThat(e).hasMessageStartingWith("uwsgi variable");
            return;
        }
        byte[] packet = again.bytes(0, 0);
        assertThat(packet).hasSize(block.length + UwsgiHeader.SIZE).endsWith(block);
    }
}
