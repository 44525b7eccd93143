package io.juwsgi.plugin.cgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.juwsgi.plugin.cgi.CgiHead.BadHeadException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CgiHeadTest {
    private static CgiHead read(String text) throws Exception {
        return CgiHead.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)), 200);
    }

    @Test
    void readsFieldsWithEitherLineEndAndLeavesTheBody() throws Exception {
        ByteArrayInputStream in = new ByteArrayInputStream(
                "Content-Type: text/plain\nX-A:b \r\n\nbody".getBytes(StandardCharsets.US_ASCII));
        CgiHead head = CgiHead.read(in, 200);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.fields().first("content-type")).isEqualTo("text/plain");
        assertThat(head.fields().first("x-a")).isEqualTo("b");
        assertThat(in.readAllBytes()).asString(StandardCharsets.US_ASCII).isEqualTo("body");
    }

    @Test
    void takesTheStatusFromItsFieldAndRedirectsWithoutOne() throws Exception {
        assertThat(read("Status: 404 Not Found\n\n").status()).isEqualTo(404);
        assertThat(read("Status: 201\nLocation: /x\n\n").status()).isEqualTo(201);
        assertThat(read("Location: http://a/b\n\n").status()).isEqualTo(302);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "no field\n\n",
                ": x\n\n",
                "A B: x\n\n",
                "X: y",
                "X: y\n",
                "HTTP/1.1 200 OK\n\n",
                "Status: 99\n\n",
                "Status: 600\n\n",
                "Status: 2000\n\n",
                "Status: abc\n\n",
                "Status:\n\n"
            })
    void refusesWhatIsNoHead(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(BadHeadException.class);
    }

    @Test
    void refusesAHeadThatIsTooLarge() {
        assertThatThrownBy(() -> read("X: " + "y".repeat(300) + "\n\n"))
                .isInstanceOf(BadHeadException.class)
                .hasMessageContaining("cgi-buffer-size");
    }

    @FuzzTest(maxDuration = "30s")
    void headsAreReadOrRefused(byte[] bytes) throws IOException {
        try {
            CgiHead head = CgiHead.read(new ByteArrayInputStream(bytes), 100);
            assertThat(head.status()).isBetween(200, 599);
        } catch (BadHeadException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }
}
