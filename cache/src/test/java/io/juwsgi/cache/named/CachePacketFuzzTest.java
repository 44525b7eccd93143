package io.juwsgi.cache.named;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Whatever another server answers is a packet or an IOException, and a packet that was read is written as it came. */
class CachePacketFuzzTest {
    @FuzzTest
    void isAPacketOrNone(byte[] bytes) {
        try {
            CachePacket packet = CachePacket.read(new ByteArrayInputStream(bytes));
            CachePacket again = CachePacket.read(new ByteArrayInputStream(packet.bytes()));
            if (!again.equals(packet) || packet.valueLength(1000) > 1000) {
                throw new AssertionError(packet + " and " + again);
            }
        } catch (IOException e) {
            if (e.toString().isEmpty()) {
                throw new AssertionError("a failure that says nothing", e);
            }
        }
    }
}
