package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.cache.Site.Answer;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.testkit.TestRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is different for some requests. */
class CacheRulesTest {
    private static final String IMAGES =
            "--http-cache-rules=name=img,path=/img,ttl=1h,ignore-query=v|size,vary-cookies=theme,grace=10m";
    private static final String API = "--http-cache-rules=name=api,path=/img/api,cache=false";

    private static Site site(String... fields) {
        return new Site("--http-cache-ignore-query=utm_*", IMAGES, API).answers(200, "a", fields);
    }

    private static Answer twice(Site site, String target) {
        site.get(target);
        return site.get(target);
    }

    @Test
    void twoRoutesAreTreatedDifferently() {
        Site site = site("Cache-Control", "max-age=60");
        assertThat(twice(site, "/img/1").cacheStatus()).isEqualTo("juwsgi; hit; ttl=3600");
        assertThat(twice(site, "/img/api/1").cacheStatus()).isEqualTo("juwsgi; fwd=bypass");
        assertThat(twice(site, "/1").cacheStatus()).isEqualTo("juwsgi; hit; ttl=60");
    }

    @ParameterizedTest
    @CsvSource({"/img,true", "/img/,true", "/img/a/b,true", "/images,false", "/IMG/a,false", "/a/img/,false"})
    void aRuleIsForItsPathAndWhatIsBelow(String path, boolean stored) {
        assertThat(twice(site(), path).hit()).isEqualTo(stored);
    }

    @ParameterizedTest
    @ValueSource(strings = {"private", "no-store", "no-cache", "private=\"X-A\", no-store"})
    void aTtlMakesNothingStoredThatMustNotBe(String control) {
        assertThat(twice(site("Cache-Control", control), "/img/1").hit()).isFalse();
        assertThat(twice(site("Set-Cookie", "a=b"), "/img/1").hit()).isFalse();
        assertThat(twice(site("Vary", "*"), "/img/1").hit()).isFalse();
        Site site = site();
        site.get("/img/1", "Authorization", "Basic YQ==");
        assertThat(site.get("/img/1").hit()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 404, 500, 503})
    void aTtlIsForNoErrorsAndNoPassingRedirects(int status) {
        Site site = new Site(IMAGES).answers(status, "a");
        assertThat(twice(site, "/img/1").hit()).isFalse();
    }

    @Test
    void aTtlMayBeShorterThanWhatTheResponseSaysAndHoldsAfterAConfirmation() {
        Site site = new Site("--http-cache-rules=name=short,path=/,ttl=5s");
        site.answers(200, "a", "Cache-Control", "max-age=600", "ETag", "\"1\"");
        site.get("/");
        site.seconds(6);
        site.answers(304, "", "Cache-Control", "max-age=600", "ETag", "\"1\"");
        assertThat(site.get("/").cacheStatus()).isEqualTo("juwsgi; fwd=stale; fwd-status=304");
        assertThat(site.get("/").cacheStatus()).isEqualTo("juwsgi; hit; ttl=5");
        assertThat(site.get("/").field("Cache-Control")).isEqualTo("max-age=600");
    }

    @Test
    void aRulesOwnKeysStandInPlaceOfTheGeneralOnes() {
        Site site = site("Cache-Control", "max-age=60");
        site.get("/img/1?v=1");
        assertThat(site.get("/img/1?v=2&size=3").hit()).isTrue();
        assertThat(site.get("/img/1?utm_x=1").hit()).isFalse();
        site.get("/1?v=1");
        assertThat(site.get("/1?v=1&utm_x=1").hit()).isTrue();
        assertThat(site.get("/1?v=2").hit()).isFalse();
    }

    @Test
    void cookiesCountAsTheRuleSays() {
        Site site = site("Cache-Control", "max-age=60", "Vary", "Cookie");
        site.get("/img/1", "Cookie", "theme=dark; id=1");
        assertThat(site.get("/img/1", "Cookie", "theme=dark; id=2").hit()).isTrue();
        assertThat(site.get("/img/1", "Cookie", "theme=light; id=1").hit()).isFalse();
        site.get("/1", "Cookie", "theme=dark; id=1");
        assertThat(site.get("/1", "Cookie", "theme=dark; id=2").hit()).isFalse();
    }

    @Test
    void theGraceIsTheRules() {
        Site site = site("Cache-Control", "max-age=60");
        site.get("/img/1");
        site.get("/1");
        site.seconds(3600 + 300);
        site.application(exchange -> exchange.fail(Failure.upstream(502, "worker-died", "It died.")));
        assertThat(site.get("/img/1").text()).isEqualTo("a");
        assertThat(site.get("/1").status()).isEqualTo(502);
    }

    @Test
    void purgesAndChangesFindWhatIsStoredByARule() {
        Site site = site("Cache-Control", "max-age=60");
        site.get("/img/1?v=1");
        assertThat(site.cache().control(List.of("purge", "http://example.org/img/1?v=7")))
                .hasToString("{purged=1}");
        site.get("/img/1?v=1");
        site.answers(201, "", "Location", "/img/1?v=8");
        site.send("POST", "/upload");
        site.answers(200, "b", "Cache-Control", "max-age=60");
        assertThat(site.get("/img/1?v=1").text()).isEqualTo("b");
    }

    @ParameterizedTest
    @CsvSource({
        "img.example.org,3600",
        "IMG.example.org:8080,3600",
        "a.example.org,30",
        "b.a.example.org,30",
        "example.org,60",
        "other,60"
    })
    void hostsThatAreNamedComeBeforePartsOfThem(String host, long ttl) {
        Site site = new Site(
                        "--http-cache-rules=name=all,path=/long/path,ttl=60s",
                        "--http-cache-rules=name=part,host=*.example.org,ttl=30s",
                        "--http-cache-rules=name=one,host=img.example.org,ttl=1h")
                .answers(200, "a");
        TestRequest request = TestRequest.get("/long/path").field("Host", host);
        site.send(request);
        assertThat(site.send(request).cacheStatus()).isEqualTo("juwsgi; hit; ttl=" + ttl);
    }

    @Test
    void aRuleIsMoreThanTheGeneralPaths() {
        Site site = new Site("--http-cache-paths=/a", "--http-cache-rules=name=b,path=/b")
                .answers(200, "x", "Cache-Control", "max-age=60");
        assertThat(twice(site, "/a").hit()).isTrue();
        assertThat(twice(site, "/b").hit()).isTrue();
        assertThat(twice(site, "/c").hit()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "name=a,path=b;path: b (expected: beginning with a slash)",
                "name=a,tll=1h;has no setting tll (did you mean ttl?)",
                "path=/;the name is ''"
            })
    void mistakesAreTold(String rule, String message) {
        assertThatThrownBy(() -> new Site("--http-cache-rules=" + rule)).hasMessageContaining(message);
    }
}
