package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cache.Site.Answer;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.testkit.TestApplication;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stale responses that are better than none: RFC 5861, and RFC 9111 section 4.2.4. */
class Rfc5861Test {
    private final Site site = new Site();

    private void store(String control) {
        site.answers(200, "old", "Cache-Control", control);
        site.get("/");
    }

    @Test
    void staleWhileRevalidateAnswersAtOnceAndAsksOnce() {
        store("max-age=10, stale-while-revalidate=20");
        site.seconds(15);
        List<Exchange> held = new ArrayList<>();
        site.application(held::add);
        for (int i = 0; i < 10; i++) {
            Answer answer = site.get("/");
            assertThat(answer.text()).isEqualTo("old");
            assertThat(answer.cacheStatus()).isEqualTo("juwsgi; hit; ttl=-5");
        }
        assertThat(held).hasSize(1);
        TestApplication.reply(held.getFirst(), 200, "new", "Cache-Control", "max-age=10");
        assertThat(site.get("/").text()).isEqualTo("new");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", must-revalidate", ", proxy-revalidate"})
    void afterItsTimeOrAgainstTheResponseNothingStaleIsSent(String more) {
        store("max-age=10, stale-while-revalidate=20" + more);
        site.seconds(more.isEmpty() ? 30 : 15);
        site.answers(200, "new");
        assertThat(site.get("/").text()).isEqualTo("new");
    }

    @Test
    void aClientThatWantsAFreshOneGetsIt() {
        store("max-age=10, stale-while-revalidate=20");
        site.seconds(15);
        site.answers(200, "new");
        assertThat(site.get("/", "Cache-Control", "no-cache").text()).isEqualTo("new");
    }

    @ParameterizedTest
    @CsvSource({"500,true", "502,true", "503,true", "504,true", "501,false", "404,false"})
    void staleIfErrorStandsInForAFailedApplication(int status, boolean stale) {
        store("max-age=10, stale-if-error=20");
        site.seconds(15);
        site.answers(status, "broken");
        Answer answer = site.get("/");
        assertThat(answer.text()).isEqualTo(stale ? "old" : "broken");
        assertThat(answer.status()).isEqualTo(stale ? 200 : status);
        assertThat(answer.cacheStatus()).isEqualTo("juwsgi; fwd=stale" + (stale ? "; fwd-status=" + status : ""));
        site.seconds(15);
        site.answers(status, "broken");
        assertThat(site.get("/").text()).isEqualTo("broken");
    }

    @Test
    void aRequestMayAskForItToo() {
        store("max-age=10");
        site.seconds(15);
        site.answers(500, "broken");
        assertThat(site.get("/").text()).isEqualTo("broken");
        assertThat(site.get("/", "Cache-Control", "stale-if-error=60").text()).isEqualTo("old");
    }

    @ParameterizedTest
    @CsvSource({
        "max-age=10,true",
        "'max-age=10, must-revalidate',false",
        "s-maxage=10,false",
        "'s-maxage=10, stale-if-error=60',true"
    })
    void anApplicationThatCannotBeReachedLeavesAGrace(String control, boolean stale) {
        store(control);
        site.seconds(15);
        site.application(
                exchange -> exchange.fail(Failure.gateway(503, "no-worker", "The application is not available.")));
        assertThat(site.get("/").status()).isEqualTo(stale ? 200 : 503);
        site.seconds(70);
        assertThat(site.get("/").status()).isEqualTo(503);
    }

    @Test
    void theGraceMayBeTurnedOff() {
        Site strict = new Site("--http-cache-grace=0");
        strict.answers(200, "old", "Cache-Control", "max-age=10");
        strict.get("/");
        strict.seconds(11);
        strict.application(exchange -> exchange.fail(Failure.gateway(503, "no-worker", "Not available.")));
        assertThat(strict.get("/").status()).isEqualTo(503);
    }

    @Test
    void whatIsAskedForNearItsEndIsRenewedInTheBackground() {
        Site ahead = new Site("--http-cache-refresh=20");
        ahead.answers(200, "old", "Cache-Control", "max-age=10");
        ahead.get("/");
        ahead.seconds(7);
        assertThat(ahead.get("/").text()).isEqualTo("old");
        assertThat(ahead.asked()).hasSize(1);
        ahead.seconds(1);
        ahead.answers(200, "new", "Cache-Control", "max-age=10");
        assertThat(ahead.get("/").text()).isEqualTo("old");
        assertThat(ahead.asked()).hasSize(2);
        assertThat(ahead.get("/").text()).isEqualTo("new");
        assertThat(ahead.asked()).hasSize(2);
    }
}
