package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.cache.Site.Answer;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.testkit.TestApplication;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Purges that leave responses there as stale ones. */
class SoftPurgeTest {
    private final Site site = new Site("--http-cache-purge-from=127.0.0.0/8");

    private void store(String target, String... fields) {
        site.answers(200, "old", fields);
        site.get(target);
        assertThat(site.get(target).hit()).isTrue();
        site.answers(200, "new", fields);
    }

    private Answer purge(String target, String... more) {
        Answer answer = site.send("PURGE", target, more);
        assertThat(answer.status()).isEqualTo(200);
        return answer;
    }

    @Test
    void itIsAnsweredOnceMoreWhileANewOneIsAskedForHoweverOldItWas() {
        store("/", "Cache-Control", "max-age=600, stale-while-revalidate=30");
        site.seconds(100);
        assertThat(purge("/", "Soft-Purge", "1").text()).isEqualTo("1 marked stale\n");
        site.seconds(20);
        Answer stale = site.get("/");
        assertThat(stale.text()).isEqualTo("old");
        assertThat(stale.cacheStatus()).isEqualTo("juwsgi; hit; ttl=-20");
        assertThat(stale.field("Age")).isEqualTo("120");
        assertThat(site.get("/").text()).isEqualTo("new");
    }

    @Test
    void withAValidatorItIsConfirmed() {
        store("/", "Cache-Control", "max-age=600", "ETag", "\"1\"");
        purge("/", "Soft-Purge", "1");
        site.answers(304, "", "Cache-Control", "max-age=600", "ETag", "\"1\"");
        Answer answer = site.get("/");
        assertThat(answer.text()).isEqualTo("old");
        assertThat(answer.cacheStatus()).isEqualTo("juwsgi; fwd=stale; fwd-status=304");
        assertThat(site.get("/").hit()).isTrue();
    }

    @Test
    void itStandsInForAnApplicationThatIsDown() {
        store("/", "Cache-Control", "max-age=600");
        site.seconds(300);
        purge("/", "Soft-Purge", "1");
        site.application(exchange -> exchange.fail(Failure.upstream(502, "worker-died", "It died.")));
        assertThat(site.get("/").text()).isEqualTo("old");
    }

    @Test
    void whatForbidsStaleAnswersIsAskedFor() {
        store("/", "Cache-Control", "max-age=600, must-revalidate, stale-while-revalidate=30");
        purge("/", "Soft-Purge", "1");
        assertThat(site.get("/").text()).isEqualTo("new");
    }

    @ParameterizedTest
    @CsvSource({
        "Soft-Purge,1,old",
        "Soft-Purge,?1,old",
        "Fastly-Soft-Purge,1,old",
        "Soft-Purge,0,new",
        "Soft-Purge,?0,new",
        "X,1,new"
    })
    void theFieldSaysSo(String field, String value, String text) {
        store("/", "Cache-Control", "max-age=600, stale-while-revalidate=30");
        purge("/", field, value);
        assertThat(site.get("/").text()).isEqualTo(text);
    }

    @Test
    void pathsAndTagsArePurgedSoftlyToo() {
        String[] fields = {"Cache-Control", "max-age=600, stale-while-revalidate=30", "Surrogate-Key", "t"};
        store("/img/1", fields);
        store("/img/2", fields);
        assertThat(purge("/img/*", "Soft-Purge", "1").text()).isEqualTo("2 marked stale\n");
        assertThat(site.get("/img/1").text()).isEqualTo("old");
        assertThat(site.get("/img/1").text()).isEqualTo("new");
        // The other one is stale already.
        assertThat(purge("/", "Soft-Purge", "1", "Surrogate-Key", "t").text()).isEqualTo("1 marked stale\n");
        assertThat(site.get("/img/1").text()).isEqualTo("new");
        assertThat(site.asked()).hasSize(4);
    }

    @Test
    void whatIsOnItsWayIsNotStored() {
        site.application(exchange -> {
            site.cache().purges().tag("x", true);
            TestApplication.reply(exchange, 200, "old", "Cache-Control", "max-age=60", "Surrogate-Key", "x");
        });
        site.get("/");
        assertThat(site.get("/").hit()).isFalse();
    }

    @Test
    void operatorsSayItAnywhereAndAreTold() {
        store("/a", "Cache-Control", "max-age=600", "Cache-Tag", "t");
        HttpCache cache = site.cache();
        assertThat(cache.control(List.of("purge", "--soft", "http://example.org/a")))
                .hasToString("{marked-stale=1}");
        assertThat(cache.control(List.of("purge-tag", "t", "--soft"))).hasToString("{marked-stale=0}");
        assertThat(cache.control(List.of("stats")).get("soft-purged")).isEqualTo(1L);
        assertThat(cache.control(List.of("purge-all"))).hasToString("{purged=1}");
        assertThatThrownBy(() -> cache.control(List.of("purge", "--soft")))
                .hasMessage("cache purge: 0 arguments (expected: 1)");
    }
}
