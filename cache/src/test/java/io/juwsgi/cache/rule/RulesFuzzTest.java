package io.juwsgi.cache.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.juwsgi.spi.exchange.Fields;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Values of fields that anybody may have written. */
class RulesFuzzTest {

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @FuzzTest
    void cacheControl(byte[] bytes) {
        Fields fields = Fields.of("Cache-Control", text(bytes), "CDN-Cache-Control", text(bytes));
        assertThat(CacheControl.ofResponse(fields).lifetime()).isBetween(-1L, 1L << 31);
        assertThat(CacheControl.ofResponse(fields, List.of("cdn-cache-control")).lifetime())
                .isBetween(-1L, 1L << 31);
        CacheControl.ofRequest(fields);
    }

    @FuzzTest
    void ranges(byte[] bytes) {
        String text = text(bytes);
        if (ByteRange.wish("bytes=" + text, 100) instanceof ByteRange.Wish.Part(ByteRange range)) {
            assertThat(range.first()).isBetween(0L, range.last());
            assertThat(range.last()).isLessThan(100);
        }
        ByteRange told = ByteRange.of("bytes " + text);
        if (told != null) {
            assertThat(ByteRange.of(told.field())).isEqualTo(told);
        }
    }

    @FuzzTest
    void structuredFields(byte[] bytes) {
        StructuredFields.dictionary(text(bytes));
        StructuredFields.list(text(bytes));
    }

    @FuzzTest
    void conditionsAndVariations(byte[] bytes) {
        String text = text(bytes);
        Fields request = Fields.of("If-None-Match", text, "If-Range", text, "Accept-Encoding", text, "Cookie", text);
        Fields stored = Fields.of("ETag", text, "Last-Modified", text, "Date", text);
        Preconditions.notModified(request, 200, stored);
        Preconditions.rangeHolds(request, stored);
        Normalisation normalisation = new Normalisation(List.of("utm_*"), true, List.of("a"));
        Variation varies = Variation.of(request, Fields.of("Vary", "Cookie, Accept-Encoding"), normalisation);
        assertThat(varies.matches(request, normalisation)).isTrue();
        String query = normalisation.query(text);
        assertThat(normalisation.query(query)).isEqualTo(query);
    }
}
