package io.juwsgi.plugin.scgi;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Whatever comes, it is a head with a length and names within the limit, or it is refused. */
class ScgiHeadFuzzTest {
    private static final int LIMIT = 4096;

    @FuzzTest(maxDuration = "10s")
    void headOrRefusal(byte[] bytes) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        try {
            ScgiHead head = ScgiHead.read(in, LIMIT);
            assertThat(head.length()).isNotNegative();
            assertThat(bytes.length - in.available()).isLessThanOrEqualTo(LIMIT + 6);
            for (int i = 0; i < head.variables().size(); i++) {
                assertThat(head.variables().name(i))
                        .isNotEmpty()
                        .isNotEqualTo("CONTENT_LENGTH")
                        .doesNotContain("\0");
                assertThat(head.variables().value(i)).doesNotContain("\0");
            }
        } catch (ScgiException e) {
            assertThat(e.status()).isIn(400, 431);
        }
    }
}
