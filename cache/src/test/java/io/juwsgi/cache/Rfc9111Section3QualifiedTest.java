package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directives with conditions of their own: RFC 9111 sections 3, 4.2.2, 5.2.2.3, 5.2.2.4 and 5.2.2.7. */
class Rfc9111Section3QualifiedTest {
    private static final String LONG_AGO = "Wed, 11 Nov 2026 12:00:00 GMT";

    private final Site site = new Site();

    private boolean stored(Site where) {
        where.get("/");
        return where.get("/").hit();
    }

    @ParameterizedTest
    @CsvSource({"200,true", "404,true", "418,false", "599,false"})
    void section5_2_2_3_mustUnderstandStandsAboveNoStoreWhereTheStatusIsUnderstood(int status, boolean stored) {
        site.answers(status, "a", "Cache-Control", "max-age=60, no-store, must-understand");
        assertThat(stored(site)).isEqualTo(stored);
        site.answers(status, "a", "Cache-Control", "max-age=60, must-understand");
        site.get("/b");
        assertThat(site.get("/b").hit()).isEqualTo(stored);
    }

    @ParameterizedTest
    @ValueSource(strings = {"private", "no-cache"})
    void qualifiedDirectivesKeepTheirFieldsFromOthersAndNothingElse(String directive) {
        site.answers(
                200,
                "a",
                "Cache-Control",
                "max-age=60, " + directive + "=\"Set-Cookie, X-User\"",
                "Set-Cookie",
                "id=1",
                "X-User",
                "alice",
                "X-Kept",
                "1");
        var first = site.get("/");
        assertThat(first.field("Set-Cookie")).isEqualTo("id=1");
        assertThat(first.field("X-User")).isEqualTo("alice");
        var second = site.get("/");
        assertThat(second.hit()).isTrue();
        assertThat(second.field("Set-Cookie")).isNull();
        assertThat(second.field("X-User")).isNull();
        assertThat(second.field("X-Kept")).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"private=\"a b\"", "private=\"\"", "private=\"é\"", "private=\"x-a"})
    void aListThatIsNoneCountsAsThePlainDirective(String directive) {
        site.answers(200, "a", "Cache-Control", "max-age=60, " + directive);
        assertThat(stored(site)).isFalse();
    }

    @Test
    void section4_2_2_nothingIsGuessedUnlessTheOperatorSaysSo() {
        site.answers(200, "a", "Last-Modified", LONG_AGO);
        assertThat(stored(site)).isFalse();
    }

    @Test
    void section4_2_2_aPartOfTheTimeSinceLastModifiedIsGuessed() {
        Site guessing = new Site("--http-cache-heuristic=10");
        guessing.answers(200, "a", "Last-Modified", LONG_AGO);
        guessing.get("/");
        guessing.seconds(23 * 60 * 60);
        assertThat(guessing.get("/").hit()).isTrue();
        guessing.seconds(60 * 60);
        assertThat(guessing.get("/").hit()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"/?a=1,200,''", "/,302,''", "/,200,no-store", "/,200,private"})
    void section4_2_2_nothingIsGuessedOfQueriesOtherStatusesAndWhatMayNotBeStored(
            String target, int status, String control) {
        Site guessing = new Site("--http-cache-heuristic=10");
        guessing.answers(status, "a", "Last-Modified", LONG_AGO, "Cache-Control", control);
        guessing.get(target);
        assertThat(guessing.get(target).hit()).isFalse();
    }

    @Test
    void negativeAnswersAreFreshForAsLongAsTheOperatorSays() {
        Site negative = new Site("--http-cache-negative=5s");
        negative.answers(404, "none");
        negative.get("/");
        negative.seconds(4);
        assertThat(negative.get("/").hit()).isTrue();
        negative.seconds(1);
        assertThat(negative.get("/").hit()).isFalse();
        negative.answers(500, "broken");
        negative.get("/b");
        assertThat(negative.get("/b").hit()).isFalse();
    }
}
