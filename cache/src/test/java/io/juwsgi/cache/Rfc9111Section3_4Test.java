package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cache.Site.Answer;
import io.juwsgi.testkit.TestApplication;
import io.juwsgi.testkit.TestRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of representations: RFC 9111 sections 3.3 and 3.4, RFC 9110 section 14. */
class Rfc9111Section3_4Test {
    private final Site site = new Site();

    private void store() {
        site.answers(
                200,
                "0123456789",
                "Cache-Control",
                "max-age=60",
                "ETag",
                "\"1\"",
                "Last-Modified",
                "Fri, 20 Nov 2026 12:00:00 GMT");
        site.get("/");
    }

    private Answer range(String range, String... more) {
        TestRequest request = TestRequest.get("/").field("Range", range);
        return site.send(request.fields(more));
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-3,0123,bytes 0-3/10",
        "bytes=4-,456789,bytes 4-9/10",
        "bytes=-2,89,bytes 8-9/10",
        "bytes=8-100,89,bytes 8-9/10",
        "bytes=-100,0123456789,bytes 0-9/10"
    })
    void aPartIsSentOfAWholeResponse(String range, String text, String told) {
        store();
        Answer answer = range(range);
        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.text()).isEqualTo(text);
        assertThat(answer.field("Content-Range")).isEqualTo(told);
        assertThat(answer.field("Content-Length")).isEqualTo(String.valueOf(text.length()));
        assertThat(site.asked()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-1,4-5", "lines=1-2", "bytes=b-", "bytes=", "bytes=-", "bytes=3-2", "0-3"})
    void whatIsNoSinglePartGetsTheWhole(String range) {
        store();
        Answer answer = range(range);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("0123456789");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-12", "bytes=-0"})
    void aPartThatIsNotThereIs416(String range) {
        store();
        Answer answer = range(range);
        assertThat(answer.status()).isEqualTo(416);
        assertThat(answer.field("Content-Range")).isEqualTo("bytes */10");
        assertThat(answer.text()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"1\"|206",
                "W/\"1\"|200",
                "\"2\"|200",
                "Fri, 20 Nov 2026 12:00:00 GMT|206",
                "Fri, 20 Nov 2026 12:00:01 GMT|200",
                "yesterday|200"
            })
    void ifRangeIsComparedStrongly(String condition, int status) {
        store();
        assertThat(range("bytes=0-3", "If-Range", condition).status()).isEqualTo(status);
    }

    @Test
    void headAndConditionsStandAboveRange() {
        store();
        Answer head = site.send("HEAD", "/", "Range", "bytes=0-3");
        assertThat(head.status()).isEqualTo(200);
        assertThat(range("bytes=0-3", "If-None-Match", "\"1\"").status()).isEqualTo(304);
    }

    private void parts(String tag) {
        site.application(exchange -> {
            String wanted = exchange.request().fields().first("Range");
            if (wanted == null) {
                TestApplication.reply(exchange, 200, "0123456789", "ETag", tag);
                return;
            }
            String[] ends = wanted.substring("bytes=".length()).split("-");
            int first = Integer.parseInt(ends[0]);
            int last = Integer.parseInt(ends[1]);
            TestApplication.reply(
                    exchange,
                    206,
                    "0123456789".substring(first, last + 1),
                    "Cache-Control",
                    "max-age=60",
                    "ETag",
                    tag,
                    "Content-Range",
                    "bytes " + first + "-" + last + "/10");
        });
    }

    @Test
    void aPartIsStoredAndAnswersForWhatIsInIt() {
        parts("\"1\"");
        assertThat(range("bytes=2-6").cacheStatus()).isEqualTo("juwsgi; fwd=uri-miss; stored");
        Answer answer = range("bytes=3-4");
        assertThat(answer.text()).isEqualTo("34");
        assertThat(answer.field("Content-Range")).isEqualTo("bytes 3-4/10");
        assertThat(answer.hit()).isTrue();
        assertThat(range("bytes=0-4").hit()).isFalse();
        assertThat(site.get("/").text()).isEqualTo("0123456789");
    }

    @Test
    void partsThatTouchAreCombinedUntilTheyAreAllOfIt() {
        parts("\"1\"");
        range("bytes=0-3");
        range("bytes=3-6");
        assertThat(range("bytes=1-6").hit()).isTrue();
        range("bytes=7-9");
        Answer whole = site.get("/");
        assertThat(whole.hit()).isTrue();
        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.text()).isEqualTo("0123456789");
        assertThat(whole.field("Content-Range")).isNull();
        assertThat(site.asked()).hasSize(3);
    }

    @Test
    void partsOfDifferentVersionsAreNot() {
        parts("\"1\"");
        range("bytes=0-3");
        parts("\"2\"");
        range("bytes=4-9");
        assertThat(range("bytes=0-9").hit()).isFalse();
        assertThat(range("bytes=5-6").hit()).isTrue();
    }

    @Test
    void aWeakTagTellsNothingOfParts() {
        parts("W/\"1\"");
        range("bytes=0-3");
        assertThat(range("bytes=0-3").hit()).isFalse();
    }

    @Test
    void aPartThatIsShorterThanItSaysIsNotStored() {
        site.answers(206, "0", "Cache-Control", "max-age=60", "ETag", "\"1\"", "Content-Range", "bytes 0-3/10");
        range("bytes=0-3");
        assertThat(range("bytes=0-3").hit()).isFalse();
    }
}
