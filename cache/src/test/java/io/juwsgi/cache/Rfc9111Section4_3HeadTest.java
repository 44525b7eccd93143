package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a HEAD response says of a stored one (RFC 9111 section 4.3.5), and how a 304 updates it (section 3.2). */
class Rfc9111Section4_3HeadTest {
    private final Site site = new Site();

    private void store() {
        site.answers(
                200, "abc", "Cache-Control", "max-age=10", "ETag", "\"1\"", "Content-Encoding", "br", "X-A", "old");
        site.get("/");
        site.seconds(11);
    }

    @Test
    void section4_3_5_aHeadOfTheSameVersionRenews() {
        store();
        site.answers(200, "", "Cache-Control", "max-age=20", "ETag", "\"1\"", "Content-Length", "3", "X-A", "new");
        site.send("HEAD", "/");
        site.seconds(19);
        var hit = site.get("/");
        assertThat(hit.hit()).isTrue();
        assertThat(hit.text()).isEqualTo("abc");
        assertThat(hit.field("X-A")).isEqualTo("new");
    }

    @ParameterizedTest
    @CsvSource({"'\"2\"',3", "'\"1\"',4"})
    void section4_3_5_aHeadOfAnotherVersionMakesStale(String tag, String length) {
        site.answers(200, "abc", "Cache-Control", "max-age=10", "ETag", "\"1\"");
        site.get("/");
        site.answers(200, "", "Cache-Control", "max-age=20", "ETag", tag, "Content-Length", length);
        site.send("HEAD", "/", "Cache-Control", "no-cache");
        site.answers(200, "new", "Cache-Control", "max-age=20");
        assertThat(site.get("/").text()).isEqualTo("new");
    }

    @Test
    void section3_2_theBytesKeepTheirCodingAndTheRestIsUpdated() {
        store();
        site.answers(
                304,
                "",
                "Cache-Control",
                "max-age=20",
                "Content-Encoding",
                "gzip",
                "Content-Length",
                "99",
                "X-A",
                "new");
        var answer = site.get("/");
        assertThat(answer.field("Content-Encoding")).isEqualTo("br");
        assertThat(answer.field("Content-Length")).isEqualTo("3");
        assertThat(answer.field("X-A")).isEqualTo("new");
        assertThat(answer.exchange().head().fields().all("ETag")).hasSize(1);
    }
}
