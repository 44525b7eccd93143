package io.juwsgi.protocol.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(SIGNATURE + digits);
    }

    private static void isReadWholeOnly(byte[] header, String source, String destination) throws ProxyException {
        byte[] more = Arrays.copyOf(header, header.length + 3);
        ProxyHeader read = ProxyHeader.read(more);
        assertThat(read).isNotNull();
        assertThat(read.size()).isEqualTo(header.length);
        assertThat(String.valueOf(read.source())).isEqualTo(source);
        assertThat(String.valueOf(read.destination())).isEqualTo(destination);
        for (int i = 0; i < header.length; i++) {
            assertThat(ProxyHeader.read(Arrays.copyOf(header, i))).isNull();
        }
    }

    @Test
    void readsVersion1() throws ProxyException {
        isReadWholeOnly(
                ascii("PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n"), "/192.0.2.1:56324", "/198.51.100.2:443");
        isReadWholeOnly(
                ascii("PROXY TCP6 2001:db8::1 ::1 1 2\r\n"), "/[2001:db8:0:0:0:0:0:1]:1", "/[0:0:0:0:0:0:0:1]:2");
        isReadWholeOnly(ascii("PROXY UNKNOWN\r\n"), "null", "null");
        isReadWholeOnly(ascii("PROXY UNKNOWN ffff:f...f:ffff 65535\r\n"), "null", "null");
    }

    @Test
    void readsVersion2WithExtensions() throws ProxyException {
        isReadWholeOnly(hex("2111000cc0000201c6336402dc0401bb"), "/192.0.2.1:56324", "/198.51.100.2:443");
        isReadWholeOnly(
                hex("21110013c0000201c6336402dc0401bb" + "01000461626364"), "/192.0.2.1:56324", "/198.51.100.2:443");
        isReadWholeOnly(
                hex("21210024" + "20010db8000000000000000000000001" + "00000000000000000000000000000001" + "00010002"),
                "/[2001:db8:0:0:0:0:0:1]:1",
                "/[0:0:0:0:0:0:0:1]:2");
        isReadWholeOnly(hex("20000000"), "null", "null");
        isReadWholeOnly(hex("21000000"), "null", "null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 56324\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 56324 443 \r\n",
                "PROXY TCP4 192.0.2.256 198.51.100.2 56324 443\r\n",
                "PROXY TCP4 192.0.2 198.51.100.2 56324 443\r\n",
                "PROXY TCP4 localhost 198.51.100.2 56324 443\r\n",
                "PROXY TCP4 ::1 ::1 1 2\r\n",
                "PROXY TCP6 192.0.2.1 198.51.100.2 56324 443\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 65536 443\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 -1 443\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 01 443\r\n",
                "PROXY UDP4 192.0.2.1 198.51.100.2 1 443\r\n"
            })
    void refusesOtherLines(String line) {
        assertThatThrownBy(() -> ProxyHeader.read(ascii(line))).isInstanceOf(ProxyException.class);
    }

    @Test
    void refusesALineThatIsTooLong() {
        assertThatThrownBy(() -> ProxyHeader.read(ascii("PROXY UNKNOWN " + "x".repeat(200))))
                .isInstanceOf(ProxyException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1111000cc0000201c6336402dc0401bb",
                "2211000cc0000201c6336402dc0401bb",
                "2141000cc0000201c6336402dc0401bb",
                "21110008c0000201c6336402",
                "2111ffff",
                "2111000ec0000201c6336402dc0401bb0100",
                "21110010c0000201c6336402dc0401bb01000961"
            })
    void refusesOtherBytes(String digits) {
        assertThatThrownBy(() -> ProxyHeader.read(hex(digits))).isInstanceOf(ProxyException.class);
    }

    @FuzzTest(maxDuration = "30s")
    void bytesAreReadOrRefused(byte[] bytes) {
        try {
            ProxyHeader header = ProxyHeader.read(bytes);
            if (header != null) {
                assertThat(header.size()).isBetween(15, bytes.length);
            }
        } catch (ProxyException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    @Test
    void whatIsWrittenIsReadAgain() throws ProxyException {
        InetSocketAddress four = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 1234);
        InetSocketAddress six = new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 443);
        isReadWholeOnly(ProxyHeader.version1(four, four), "/192.0.2.1:1234", "/192.0.2.1:1234");
        isReadWholeOnly(ProxyHeader.version1(six, six), "/[2001:db8:0:0:0:0:0:1]:443", "/[2001:db8:0:0:0:0:0:1]:443");
        isReadWholeOnly(ProxyHeader.version2(four, four), "/192.0.2.1:1234", "/192.0.2.1:1234");
        isReadWholeOnly(ProxyHeader.version2(six, six), "/[2001:db8:0:0:0:0:0:1]:443", "/[2001:db8:0:0:0:0:0:1]:443");
        isReadWholeOnly(ProxyHeader.version1(null, null), "null", "null");
        isReadWholeOnly(ProxyHeader.version2(null, null), "null", "null");
        assertThat(new String(ProxyHeader.version1(six, four), StandardCharsets.US_ASCII))
                .isEqualTo("PROXY TCP6 2001:db8:0:0:0:0:0:1 ::ffff:192.0.2.1 443 1234\r\n");
        assertThat(ProxyHeader.version2(six, four)).hasSize(16 + 36);
    }
}
