package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cache.Site.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions of clients and of the cache itself: RFC 9111 section 4.3. */
class Rfc9111Section4_3Test {
    private static final String MODIFIED = "Fri, 20 Nov 2026 12:00:00 GMT";

    private final Site site = new Site();

    private void store() {
        site.answers(200, "a", "Cache-Control", "max-age=10", "ETag", "\"1\"", "Last-Modified", MODIFIED, "X-A", "old");
        site.get("/");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"1\"|304",
                "W/\"1\"|304",
                "\"0\", \"1\"|304",
                "\"a,b\",W/\"1\"|304",
                "*|304",
                "\"2\"|200",
                "1|200",
                "\"1|200"
            })
    void section4_3_2_ifNoneMatchIsComparedWeakly(String tags, int status) {
        store();
        Answer answer = site.get("/", "If-None-Match", tags);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).isEqualTo(status == 304 ? "" : "a");
        assertThat(site.asked()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Fri, 20 Nov 2026 12:00:00 GMT|304",
                "Fri, 20 Nov 2026 11:59:59 GMT|200",
                "Sat, 21 Nov 2026 12:00:00 GMT|304",
                "yesterday|200"
            })
    void section4_3_2_ifModifiedSince(String since, int status) {
        store();
        assertThat(site.get("/", "If-Modified-Since", since).status()).isEqualTo(status);
    }

    @Test
    void section4_3_2_ifNoneMatchStandsAboveIfModifiedSince() {
        store();
        assertThat(site.get("/", "If-None-Match", "\"2\"", "If-Modified-Since", MODIFIED)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void a304TellsOnlyWhatUpdatesTheClientsCopy() {
        store();
        site.seconds(3);
        Answer answer = site.get("/", "If-None-Match", "*");
        assertThat(answer.field("ETag")).isEqualTo("\"1\"");
        assertThat(answer.field("Cache-Control")).isEqualTo("max-age=10");
        assertThat(answer.field("Age")).isEqualTo("3");
        assertThat(answer.field("X-A")).isNull();
        assertThat(answer.field("Content-Length")).isNull();
    }

    @Test
    void section4_3_2_conditionsAreTheApplicationsWhenNothingIsStored() {
        site.answers(304, "", "ETag", "\"1\"");
        assertThat(site.get("/", "If-None-Match", "\"1\"").status()).isEqualTo(304);
        assertThat(site.asked().getFirst().fields().first("If-None-Match")).isEqualTo("\"1\"");
    }

    @Test
    void section4_3_1_aStaleResponseIsValidatedWithTheCachesOwnConditions() {
        store();
        site.seconds(11);
        site.answers(304, "", "Cache-Control", "max-age=20", "X-A", "new");
        Answer answer = site.get("/", "If-None-Match", "\"other\"");
        assertThat(site.asked().getLast().fields().all("If-None-Match")).containsExactly("\"1\"");
        assertThat(site.asked().getLast().fields().first("If-Modified-Since")).isEqualTo(MODIFIED);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("a");
        assertThat(answer.cacheStatus()).isEqualTo("juwsgi; fwd=stale; fwd-status=304");
    }

    @Test
    void section3_2_a304RenewsTheStoredHead() {
        store();
        site.seconds(11);
        site.answers(304, "", "Cache-Control", "max-age=20", "X-A", "new", "Content-Length", "0");
        assertThat(site.get("/").field("X-A")).isEqualTo("new");
        site.seconds(19);
        Answer hit = site.get("/");
        assertThat(hit.hit()).isTrue();
        assertThat(hit.field("X-A")).isEqualTo("new");
        assertThat(hit.field("ETag")).isEqualTo("\"1\"");
        assertThat(hit.field("Age")).isEqualTo("19");
        assertThat(hit.field("Content-Length")).isEqualTo("1");
    }

    @Test
    void section4_3_3_theClientsConditionIsLookedAtAfterTheValidation() {
        store();
        site.seconds(11);
        site.answers(304, "");
        assertThat(site.get("/", "If-None-Match", "\"1\"").status()).isEqualTo(304);
    }

    @Test
    void section4_3_3_aFullResponseReplacesTheStoredOne() {
        store();
        site.seconds(11);
        site.answers(200, "b", "Cache-Control", "max-age=10", "ETag", "\"2\"");
        assertThat(site.get("/").cacheStatus()).isEqualTo("juwsgi; fwd=stale; stored");
        assertThat(site.get("/").text()).isEqualTo("b");
    }

    @Test
    void section4_3_3_anErrorIsPassedOnAndTheStoredOneStays() {
        store();
        site.seconds(11);
        site.answers(500, "broken");
        assertThat(site.get("/").status()).isEqualTo(500);
        site.answers(304, "");
        assertThat(site.get("/").text()).isEqualTo("a");
    }

    @Test
    void section4_3_4_a304AboutAnotherVersionIsNotBelieved() {
        store();
        site.seconds(11);
        site.answers(304, "", "ETag", "\"2\"");
        assertThat(site.get("/").exchange().failure().status()).isEqualTo(502);
        site.answers(200, "b");
        assertThat(site.get("/").cacheStatus()).isEqualTo("juwsgi; fwd=uri-miss");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-store", "private"})
    void section3_2_a304ThatForbidsStoringForgets(String control) {
        store();
        site.seconds(11);
        site.answers(304, "", "Cache-Control", control);
        assertThat(site.get("/").text()).isEqualTo("a");
        site.answers(200, "b");
        assertThat(site.get("/").cacheStatus()).isEqualTo("juwsgi; fwd=uri-miss");
    }

    @Test
    void withoutAValidatorTheWholeResponseIsAskedFor() {
        site.answers(200, "a", "Cache-Control", "max-age=10");
        site.get("/");
        site.seconds(11);
        site.get("/");
        assertThat(site.asked().getLast().fields()).hasToString("Host: example.org\n");
    }
}
