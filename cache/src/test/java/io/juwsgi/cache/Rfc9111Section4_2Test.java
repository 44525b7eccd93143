package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cache.Site.Answer;
import io.juwsgi.testkit.TestApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long what is stored is used: RFC 9111 sections 4.2 and 5.2. */
class Rfc9111Section4_2Test {
    private final Site site = new Site();

    private Answer after(long seconds, String... requestFields) {
        site.get("/");
        site.seconds(seconds);
        return site.get("/", requestFields);
    }

    @ParameterizedTest
    @CsvSource({
        "max-age=10,9,true",
        "max-age=10,10,false",
        "'max-age=10,s-maxage=20',19,true",
        "'s-maxage=5,max-age=100',5,false",
        "'max-age=\"10\"',9,true",
        "'max-age=10, max-age=100',11,false",
        "max-age=99999999999999999999,86400,true"
    })
    void section4_2_1_lifetimeOfCacheControl(String control, long seconds, boolean hit) {
        site.answers(200, "a", "Cache-Control", control);
        assertThat(after(seconds).hit()).isEqualTo(hit);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Sat, 21 Nov 2026 12:01:00 GMT", "Saturday, 21-Nov-26 12:01:00 GMT", "Sat Nov 21 12:01:00 2026"})
    void section5_3_expiresInEveryFormOfADateCountsFromTheDate(String expires) {
        site.answers(200, "a", "Expires", expires, "Date", "Sat, 21 Nov 2026 12:00:00 GMT");
        assertThat(after(59).hit()).isTrue();
        assertThat(after(1).hit()).isFalse();
    }

    @Test
    void section5_3_aWrongExpiresIsInThePast() {
        site.answers(200, "a", "Expires", "0");
        assertThat(after(0).hit()).isFalse();
    }

    @Test
    void section5_3_maxAgeStandsAboveExpires() {
        site.answers(200, "a", "Expires", "0", "Cache-Control", "max-age=10");
        assertThat(after(9).hit()).isTrue();
    }

    @Test
    void section4_2_3_ageCountsTheAgeAtArrivalTheDelayAndTheTimeHere() {
        site.application(exchange -> {
            site.seconds(2);
            TestApplication.reply(exchange, 200, "a", "Cache-Control", "max-age=100", "Age", "30");
        });
        Answer hit = after(5);
        assertThat(hit.field("Age")).isEqualTo("37");
        assertThat(hit.cacheStatus()).isEqualTo("juwsgi; hit; ttl=63");
    }

    @Test
    void section4_2_3_aDateInThePastMakesOld() {
        site.answers(200, "a", "Cache-Control", "max-age=100", "Date", "Sat, 21 Nov 2026 11:59:00 GMT");
        assertThat(after(1).field("Age")).isEqualTo("61");
        assertThat(site.get("/").exchange().head().fields().all("Age")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "no-cache,0,false",
        "max-age=5,5,true",
        "max-age=5,6,false",
        "min-fresh=4,6,true",
        "min-fresh=4,7,false",
        "max-stale,1000,true",
        "max-stale=5,15,true",
        "max-stale=5,16,false",
        "only-if-cached,5,true"
    })
    void section5_2_1_requestDirectives(String wish, long seconds, boolean hit) {
        site.answers(200, "a", "Cache-Control", "max-age=10");
        assertThat(after(seconds, "Cache-Control", wish).hit()).isEqualTo(hit);
    }

    @Test
    void section5_2_1_7_onlyIfCachedIsRefusedWith504() {
        assertThat(site.get("/", "Cache-Control", "only-if-cached")
                        .exchange()
                        .failure()
                        .status())
                .isEqualTo(504);
        assertThat(site.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"must-revalidate,max-age=10", "proxy-revalidate,max-age=10", "s-maxage=10"})
    void section5_2_2_staleIsNotServedWhereTheResponseForbidsIt(String control) {
        site.answers(200, "a", "Cache-Control", control);
        assertThat(after(11, "Cache-Control", "max-stale").hit()).isFalse();
    }

    @Test
    void section5_2_2_4_noCacheIsValidatedEachTime() {
        site.answers(200, "a", "Cache-Control", "no-cache, max-age=60", "ETag", "\"1\"");
        site.get("/");
        site.answers(304, "", "ETag", "\"1\"");
        assertThat(site.get("/").cacheStatus()).isEqualTo("juwsgi; fwd=stale; fwd-status=304");
        assertThat(site.get("/").text()).isEqualTo("a");
        assertThat(site.asked()).hasSize(3);
    }

    @Test
    void section5_4_pragmaCountsWithoutCacheControl() {
        site.answers(200, "a", "Cache-Control", "max-age=10");
        assertThat(after(0, "Pragma", "no-cache").cacheStatus()).isEqualTo("juwsgi; fwd=request; stored");
        assertThat(after(0, "Pragma", "no-cache", "Cache-Control", "max-age=9").hit())
                .isTrue();
    }
}
