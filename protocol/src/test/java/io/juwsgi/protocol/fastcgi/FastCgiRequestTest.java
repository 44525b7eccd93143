package io.juwsgi.protocol.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Records as the specification has them. */
class FastCgiRequestTest {

    @Test
    void aRequestIsItsBeginningItsVariablesAndNoBody() {
        assertThat(HexFormat.of().formatHex(new FastCgiRequest().add("A", "bc").bytes(258)))
                .isEqualTo("0101010200080000" + "0001000000000000" + "0104010200050000" + "0102416263"
                        + "0104010200000000" + "0105010200000000");
    }

    @Test
    void longValuesHaveLongLengths() {
        byte[] bytes = new FastCgiRequest().add("A", "b".repeat(300)).bytes(1);
        assertThat(HexFormat.of().formatHex(bytes, 24, 30)).isEqualTo("01" + "8000012c" + "41");
        assertThat(bytes).hasSize(16 + 8 + 1 + 4 + 1 + 300 + 16);
    }

    @Test
    void whatFitsIntoNoRecordIsRefused() {
        FastCgiRequest large = new FastCgiRequest().add("A", "b".repeat(70_000));
        assertThatThrownBy(() -> large.bytes(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: 0 to 65535");
    }

    @Test
    void headersAreReadAsTheyAreWritten() throws Exception {
        FastCgiHeader header = new FastCgiHeader(FastCgiHeader.STDOUT, 65_535, 40_000, 255);
        byte[] bytes = new byte[10];
        header.write(bytes, 2);
        assertThat(FastCgiHeader.read(bytes, 2)).isEqualTo(header);
        bytes[2] = 2;
        assertThatThrownBy(() -> FastCgiHeader.read(bytes, 2)).hasMessage("a record of version 2 (expected: 1)");
    }
}
