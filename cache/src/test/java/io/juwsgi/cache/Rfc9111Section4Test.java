package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cache.Site.Answer;
import io.juwsgi.testkit.TestApplication;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** For which requests a stored response is chosen: RFC 9111 sections 2, 4 and 4.1. */
class Rfc9111Section4Test {
    private final Site site = new Site();

    @Test
    void section2_theKeyIsSchemeHostAndTarget() {
        site.answers(200, "a", "Cache-Control", "max-age=60");
        site.get("/a?b=1");
        assertThat(site.get("/a?b=1").hit()).isTrue();
        assertThat(site.get("/a?b=2").hit()).isFalse();
        assertThat(site.get("/A?b=1").hit()).isFalse();
        assertThat(site.send(TestRequest.get("/a?b=1").field("Host", "EXAMPLE.org:80"))
                        .hit())
                .isTrue();
        assertThat(site.send(TestRequest.get("/a?b=1").field("Host", "example.com"))
                        .hit())
                .isFalse();
    }

    @Test
    void section4_headIsAnsweredFromAStoredGet() {
        site.answers(200, "abc", "Cache-Control", "max-age=60");
        site.get("/");
        Answer head = site.send("HEAD", "/");
        assertThat(head.hit()).isTrue();
        assertThat(head.text()).isEmpty();
        assertThat(head.exchange().ended()).isTrue();
        assertThat(head.field("Content-Length")).isEqualTo("3");
    }

    @Test
    void section4_aHeadResponseIsNotStored() {
        site.answers(200, "abc", "Cache-Control", "max-age=60");
        assertThat(site.send("HEAD", "/").cacheStatus()).isEqualTo("juwsgi; fwd=uri-miss");
        assertThat(site.get("/").text()).isEqualTo("abc");
    }

    @ParameterizedTest
    @CsvSource({"Upgrade,websocket", "If-Match,*", "If-Unmodified-Since,x"})
    void requestsForMoreThanAStoredResponsePassBy(String name, String value) {
        site.answers(200, "abc", "Cache-Control", "max-age=60");
        site.get("/");
        assertThat(site.get("/", name, value).cacheStatus()).isEqualTo("juwsgi; fwd=bypass");
    }

    @Test
    void anOfferOfHttp2IsNoUpgrade() {
        site.answers(200, "abc", "Cache-Control", "max-age=60");
        site.get("/");
        assertThat(site.get("/", "Upgrade", "h2c").hit()).isTrue();
    }

    @Test
    void aGetWithABodyIsNeitherAnsweredNorStored() {
        site.answers(200, "poison", "Cache-Control", "max-age=60");
        site.send(TestExchange.of(TestRequest.get("/")).body("hello"));
        assertThat(site.get("/").cacheStatus()).isEqualTo("juwsgi; fwd=uri-miss; stored");
        assertThat(site.send(TestExchange.of(TestRequest.get("/")).streamedBody(-1))
                        .cacheStatus())
                .isEqualTo("juwsgi; fwd=bypass");
    }

    @Test
    void section4_1_variantsLiveSideBySide() {
        site.application(exchange -> TestApplication.reply(
                exchange,
                200,
                Objects.requireNonNullElse(exchange.request().fields().first("X-A"), "none"),
                "Cache-Control",
                "max-age=60",
                "Vary",
                "x-a"));
        assertThat(site.get("/", "X-A", "1").cacheStatus()).isEqualTo("juwsgi; fwd=uri-miss; stored");
        assertThat(site.get("/", "X-A", "2").cacheStatus()).isEqualTo("juwsgi; fwd=vary-miss; stored");
        assertThat(site.get("/").cacheStatus()).isEqualTo("juwsgi; fwd=vary-miss; stored");
        assertThat(site.get("/", "x-a", "1").text()).isEqualTo("1");
        assertThat(site.get("/", "X-A", "2").text()).isEqualTo("2");
        assertThat(site.get("/").text()).isEqualTo("none");
        assertThat(site.get("/", "X-A", "").hit()).isFalse();
        assertThat(site.asked()).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({
        "Accept-Encoding,'gzip, br','BR,gzip',true",
        "Accept-Encoding,'gzip;q=0.5, br','br, gzip; q=0.5',true",
        "Accept-Encoding,gzip,br,false",
        "Accept-Language,de,DE,true",
        "X-Token,a,A,false"
    })
    void section4_1_valuesThatMeanTheSameAreTheSame(String name, String first, String second, boolean hit) {
        site.answers(200, "a", "Cache-Control", "max-age=60", "Vary", name);
        site.get("/", name, first);
        assertThat(site.get("/", name, second).hit()).isEqualTo(hit);
    }

    @Test
    void section4_1_linesOfOneFieldAreOneList() {
        site.answers(200, "a", "Cache-Control", "max-age=60", "Vary", "X-A");
        site.get("/", "X-A", "1, 2");
        assertThat(site.get("/", "X-A", "1", "X-A", "2").hit()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "Accept, *"})
    void section4_1_varyStarIsNeverStored(String vary) {
        site.answers(200, "a", "Cache-Control", "max-age=60", "Vary", vary);
        site.get("/");
        assertThat(site.get("/").hit()).isFalse();
    }

    @Test
    void aLargeBodyWaitsForASlowClient() {
        String large = "x".repeat(90_000);
        site.answers(200, large, "Cache-Control", "max-age=60");
        site.get("/");
        TestExchange slow = TestExchange.of(TestRequest.get("/"));
        slow.writable(false);
        site.send(slow);
        assertThat(slow.text()).hasSize(65_536);
        assertThat(slow.ended()).isFalse();
        slow.writable(true);
        assertThat(slow.text()).isEqualTo(large);
        assertThat(slow.ended()).isTrue();
    }
}
