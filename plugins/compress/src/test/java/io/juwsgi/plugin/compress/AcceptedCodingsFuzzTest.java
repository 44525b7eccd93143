package io.juwsgi.plugin.compress;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.juwsgi.spi.http.AcceptedCodings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Whatever an Accept-Encoding field says, a coding is taken only where the field names it, or everything. */
class AcceptedCodingsFuzzTest {
    private static final List<String> OFFERED = List.of("zstd", "br", "gzip");

    @FuzzTest(maxDuration = "10s")
    void whatIsTakenWasNamed(byte[] bytes) {
        String field = new String(bytes, StandardCharsets.ISO_8859_1);
        String best = AcceptedCodings.best(field, OFFERED);
        if (best != null) {
            assertThat(OFFERED).contains(best);
            assertThat(AcceptedCodings.accepts(field, best)).isTrue();
            assertThat(field.toLowerCase(Locale.ROOT)).containsAnyOf(best, "*");
        }
    }
}
