package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.cache.Site.Answer;
import io.juwsgi.spi.metric.Histogram;
import io.juwsgi.spi.metric.MetricSink;
import io.juwsgi.testkit.TestApplication;
import io.juwsgi.testkit.TestRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators and their tools make the cache forget. */
class PurgeTest {
    private final Site site = new Site("--http-cache-purge-from=127.0.0.0/8");

    private void store(String target, String... fields) {
        String[] all = new String[fields.length + 2];
        all[0] = "Cache-Control";
        all[1] = "max-age=60";
        System.arraycopy(fields, 0, all, 2, fields.length);
        site.answers(200, "a", all);
        site.get(target);
        assertThat(site.get(target).hit()).isTrue();
    }

    @Test
    void aUrlIsPurgedForAllowedAddresses() {
        store("/a?b=1");
        store("/a?b=2");
        Answer answer = site.send("PURGE", "/a?b=1");
        assertThat(answer.text()).isEqualTo("1 purged\n");
        assertThat(site.get("/a?b=1").hit()).isFalse();
        assertThat(site.get("/a?b=2").hit()).isTrue();
    }

    @Test
    void othersAreRefusedAndPurgeNothing() {
        store("/a");
        assertThat(site.send(TestRequest.of("PURGE", "/a").remoteAddress("192.0.2.1"))
                        .status())
                .isEqualTo(403);
        assertThat(site.get("/a").hit()).isTrue();
    }

    @Test
    void withoutAddressesTheMethodIsTheApplications() {
        Site plain = new Site();
        plain.answers(405, "no");
        assertThat(plain.send("PURGE", "/a").status()).isEqualTo(405);
    }

    @Test
    void aStarPurgesWhatBeginsSo() {
        store("/img/1");
        store("/img/2");
        store("/index");
        assertThat(site.send("PURGE", "/img/*").text()).isEqualTo("2 purged\n");
        assertThat(site.get("/img/1").hit()).isFalse();
        assertThat(site.get("/index").hit()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"Surrogate-Key,x product-7", "Cache-Tag,'x, product-7'"})
    void tagsPurgeWhatHasOneOfThem(String field, String tags) {
        store("/1", field, tags);
        store("/2", field, "product-77");
        assertThat(site.send("PURGE", "/", field, "product-7").text()).isEqualTo("1 purged\n");
        assertThat(site.get("/1").hit()).isFalse();
        assertThat(site.get("/2").hit()).isTrue();
    }

    @Test
    void whatIsOnItsWayWhileATagIsPurgedIsNotStored() {
        site.application(exchange -> {
            assertThat(site.cache().purges().tag("x", false)).isZero();
            TestApplication.reply(exchange, 200, "old", "Cache-Control", "max-age=60", "Surrogate-Key", "x");
        });
        site.get("/");
        assertThat(site.get("/").hit()).isFalse();
    }

    @Test
    void operatorsPurgeByUrlPrefixTagAndAll() {
        store("/a");
        store("/b");
        store("/c", "Surrogate-Key", "t");
        store("/d");
        assertThat(site.cache().control(List.of("purge", "http://EXAMPLE.org:80/a")))
                .hasToString("{purged=1}");
        assertThat(site.cache().control(List.of("purge-prefix", "http://example.org/b")))
                .hasToString("{purged=1}");
        assertThat(site.cache().control(List.of("purge-tag", "t"))).hasToString("{purged=1}");
        assertThat(site.cache().control(List.of("purge-all"))).hasToString("{purged=1}");
        Map<String, ?> stats = site.cache().control(List.of());
        assertThat(stats.get("entries")).isEqualTo(0L);
        assertThat(stats.get("purged")).isEqualTo(4L);
    }

    @Test
    void wrongWordsOfOperatorsAreToldInOneLine() {
        assertThatThrownBy(() -> site.cache().control(List.of("flush")))
                .hasMessageStartingWith("cache: flush (expected: stats | purge URL");
        assertThatThrownBy(() -> site.cache().control(List.of("purge")))
                .hasMessage("cache purge: 0 arguments (expected: 1)");
        assertThatThrownBy(() -> site.cache().control(List.of("purge", "/a")))
                .hasMessage("url: /a (expected: such as http://example.org/page?id=1)");
    }

    @Test
    void numbersTellWhatHappened() {
        store("/a");
        Map<String, Long> seen = new TreeMap<>();
        site.cache().metrics(new MetricSink() {
            @Override
            public void counter(String name, String help, long value, String... labels) {
                seen.put(name + (labels.length > 0 ? "." + labels[1] : ""), value);
            }

            @Override
            public void counter(String name, String help, double value, String... labels) {
                seen.put(name, (long) value);
            }

            @Override
            public void gauge(String name, String help, long value, String... labels) {
                seen.put(name, value);
            }

            @Override
            public void gauge(String name, String help, double value, String... labels) {
                seen.put(name, (long) value);
            }

            @Override
            public void histogram(String name, String help, Histogram value, String... labels) {
                seen.put(name, 0L);
            }
        });
        assertThat(seen)
                .containsEntry("http_cache_requests.hit", 1L)
                .containsEntry("http_cache_requests.miss", 1L)
                .containsEntry("http_cache_stored", 1L)
                .containsEntry("http_cache_hit_bytes", 1L)
                .containsEntry("http_cache_entries", 1L);
    }
}
