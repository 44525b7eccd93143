package io.juwsgi.plugin.staticfiles;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.juwsgi.spi.http.ByteRanges;
import java.nio.charset.StandardCharsets;

/** Whatever a Range field says, what is sent lies in the file and is no more than it. */
class ByteRangesFuzzTest {
    private static final long SIZE = 1000;

    @FuzzTest(maxDuration = "10s")
    void partsLieInTheFile(byte[] bytes) {
        ByteRanges ranges = ByteRanges.parse(new String(bytes, StandardCharsets.ISO_8859_1), SIZE);
        if (ranges != null) {
            assertThat(ranges.parts()).allSatisfy(part -> {
                assertThat(part.from()).isBetween(0L, SIZE - 1);
                assertThat(part.to()).isBetween(part.from(), SIZE - 1);
            });
            assertThat(ranges.parts().stream().mapToLong(ByteRanges.Part::count).sum())
                    .isLessThanOrEqualTo(SIZE);
        }
    }
}
