package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cache.Site.Answer;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.testkit.TestApplication;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must not happen: one client's response at another, and responses that an attacker has made for others. */
class SafetyTest {
    private final Site site = new Site();

    /** An application that shows a request field in a response that it calls fresh. */
    private void shows(String field, String... more) {
        site.application(exchange -> {
            String value =
                    Objects.requireNonNullElse(exchange.request().fields().first(field), "nobody");
            String[] fields = new String[more.length + 2];
            fields[0] = "Cache-Control";
            fields[1] = "max-age=60";
            System.arraycopy(more, 0, fields, 2, more.length);
            TestApplication.reply(exchange, 200, value, fields);
        });
    }

    @Test
    void aResponseToAuthorizationIsNobodyElses() {
        shows("Authorization");
        assertThat(site.get("/", "Authorization", "Bearer alice").text()).isEqualTo("Bearer alice");
        assertThat(site.get("/").text()).isEqualTo("nobody");
        assertThat(site.get("/", "Authorization", "Bearer bob").hit()).isTrue();
        assertThat(site.get("/", "Authorization", "Bearer bob").text()).isEqualTo("nobody");
    }

    @Test
    void aResponseWithSetCookieIsNobodyElses() {
        shows("X-Name", "Set-Cookie", "id=1");
        assertThat(site.get("/", "X-Name", "alice").text()).isEqualTo("alice");
        assertThat(site.get("/", "X-Name", "bob").text()).isEqualTo("bob");
    }

    @Test
    void aResponseThatVariesByCookieIsForThatCookie() {
        shows("Cookie", "Vary", "Cookie");
        assertThat(site.get("/", "Cookie", "id=alice").text()).isEqualTo("id=alice");
        assertThat(site.get("/", "Cookie", "id=bob").text()).isEqualTo("id=bob");
        assertThat(site.get("/").text()).isEqualTo("nobody");
    }

    @Test
    void clientsThatAskTogetherGetNobodyElsesResponseEither() {
        List<Exchange> held = new ArrayList<>();
        site.application(held::add);
        Answer alice = site.get("/", "Cookie", "id=alice");
        Answer bob = site.get("/", "Cookie", "id=bob");
        TestApplication.reply(held.get(0), 200, "for alice", "Cache-Control", "max-age=60", "Vary", "Cookie");
        TestApplication.reply(held.get(1), 200, "for bob", "Cache-Control", "max-age=60", "Vary", "Cookie");
        assertThat(alice.text()).isEqualTo("for alice");
        assertThat(bob.text()).isEqualTo("for bob");
    }

    @ParameterizedTest
    @CsvSource({"https,example.org,/", "http,example.com,/", "http,example.org:8080,/", "http,example.org,//"})
    void schemeHostAndPathAreOfTheKey(String scheme, String host, String target) {
        site.answers(200, "a", "Cache-Control", "max-age=60");
        site.get("/");
        assertThat(site.send(TestRequest.get(target).scheme(scheme).field("Host", host))
                        .hit())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "QUERY"})
    void onlyGetIsAnsweredAndStored(String method) {
        site.answers(200, "poison", "Cache-Control", "max-age=60");
        site.send(method, "/");
        site.answers(200, "good", "Cache-Control", "max-age=60");
        assertThat(site.get("/").text()).isEqualTo("good");
        site.answers(200, "own");
        assertThat(site.send(method, "/").text()).isEqualTo("own");
    }

    @Test
    void aMethodThatAFieldNamesChangesNothing() {
        shows("X-HTTP-Method-Override", "Vary", "X-HTTP-Method-Override");
        site.get("/", "X-HTTP-Method-Override", "DELETE");
        assertThat(site.get("/").text()).isEqualTo("nobody");
    }

    @Test
    void aFatGetPoisonsNothing() {
        site.answers(200, "poison", "Cache-Control", "max-age=60");
        site.send(TestExchange.of(TestRequest.get("/")).body("name=poison"));
        site.answers(200, "good", "Cache-Control", "max-age=60");
        assertThat(site.get("/").text()).isEqualTo("good");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Forwarded-Host", "X-Forwarded-Scheme", "X-Original-URL", "Origin"})
    void aFieldThatTheApplicationNamesInVaryPoisonsNobody(String field) {
        shows(field, "Vary", field);
        site.get("/", field, "evil");
        assertThat(site.get("/").text()).isEqualTo("nobody");
    }

    @ParameterizedTest
    @CsvSource({
        "/?a=1;utm_x=2,/?a=1",
        "/?utm_x=1;a=2,/",
        "/?utm%5Fx=2,/",
        "/?a=1&a=2,/?a=2&a=1",
        "/?A=1,/?a=1",
        "/?a=1,/?a=1&",
        "/?utm_x=1%26a=2&b,/?utm_x=1&a=2&b"
    })
    void parametersThatAnApplicationMayReadOtherwiseAreOfTheKey(String first, String second) {
        Site ignoring = new Site("--http-cache-ignore-query=utm_*", "--http-cache-sort-query");
        ignoring.answers(200, "poison", "Cache-Control", "max-age=60");
        ignoring.get(first);
        assertThat(ignoring.get(second).hit()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"/?utm_x=1,/", "/?a=1&utm_x=1,/?a=1", "/?b=1&a=2,/?a=2&b=1", "/?fbclid=2&utm_=,/"})
    void parametersThatTheOperatorIgnoresAreNot(String first, String second) {
        Site ignoring = new Site(
                "--http-cache-ignore-query=utm_*", "--http-cache-ignore-query=fbclid", "--http-cache-sort-query");
        ignoring.answers(200, "a", "Cache-Control", "max-age=60");
        ignoring.get(first);
        assertThat(ignoring.get(second).hit()).isTrue();
    }

    @Test
    void onlyCookiesThatTheOperatorNamesCount() {
        Site named = new Site("--http-cache-vary-cookies=lang");
        named.answers(200, "a", "Cache-Control", "max-age=60", "Vary", "Cookie");
        named.get("/", "Cookie", "_ga=1; lang=de");
        assertThat(named.get("/", "Cookie", "lang=de; _ga=2").hit()).isTrue();
        assertThat(named.get("/", "Cookie", "lang=en; _ga=1").hit()).isFalse();
        assertThat(named.get("/").hit()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/account/x.css", "/account%2fx.css", "/account;x.css", "/account%00.css", "/account?.css"})
    void aPathThatLooksLikeAFileIsStoredOnlyUnderItself(String target) {
        site.answers(200, "alice", "Cache-Control", "max-age=60");
        site.get(target);
        assertThat(site.get("/account").hit()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/account", "/account/x.css", "/account%2Fx.css"})
    void pathsThatTheOperatorExceptsAreNotStored(String target) {
        Site except = new Site("--http-cache-except=/account");
        except.answers(200, "alice", "Cache-Control", "max-age=60");
        except.get(target);
        assertThat(except.get(target).cacheStatus()).isEqualTo("juwsgi; fwd=bypass");
    }

    @Test
    void onlyPathsThatTheOperatorNamesAreStored() {
        Site only = new Site("--http-cache-paths=/static/");
        only.answers(200, "a", "Cache-Control", "max-age=60");
        only.get("/page");
        assertThat(only.get("/page").hit()).isFalse();
        only.get("/static/x");
        assertThat(only.get("/static/x").hit()).isTrue();
    }

    @Test
    void anErrorThatARequestProvokesIsStoredOnlyWhenItSaysSo() {
        site.answers(400, "bad request");
        site.get("/", "X-Oversized", "x".repeat(1000));
        site.answers(200, "good", "Cache-Control", "max-age=60");
        assertThat(site.get("/").text()).isEqualTo("good");
    }

    @Test
    void aPartPoisonsNoWhole() {
        site.answers(206, "part", "Cache-Control", "max-age=60", "Content-Range", "bytes 0-3/10", "ETag", "\"1\"");
        site.get("/", "Range", "bytes=0-3");
        site.answers(200, "0123456789", "Cache-Control", "max-age=60");
        assertThat(site.get("/").text()).isEqualTo("0123456789");
    }
}
