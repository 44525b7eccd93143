package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.TestApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes the cache forget: RFC 9111 section 4.4. */
class Rfc9111Section4_4Test {
    private final Site site = new Site();

    private void store(String target) {
        site.answers(200, "a", "Cache-Control", "max-age=60");
        site.get(target);
        assertThat(site.get(target).hit()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "X-UNKNOWN"})
    void unsafeAndUnknownMethodsForgetTheirTarget(String method) {
        store("/");
        site.answers(204, "");
        assertThat(site.send(method, "/").cacheStatus()).isEqualTo("juwsgi; fwd=method");
        assertThat(site.get("/").hit()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"POST,400", "POST,500", "OPTIONS,200"})
    void errorsAndSafeMethodsDoNot(String method, int status) {
        store("/");
        site.answers(status, "");
        site.send(method, "/");
        assertThat(site.get("/").hit()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "Location,/a?b=c,true",
        "Location,http://example.org/a?b=c,true",
        "Content-Location,../a?b=c,true",
        "Location,http://example.com/a?b=c,false",
        "Location,https://example.org/a?b=c,false",
        "Location,http://[broken,false"
    })
    void locationsOfTheSameOriginAreForgottenToo(String name, String value, boolean forgotten) {
        store("/a?b=c");
        site.answers(303, "", name, value);
        site.send("POST", "/forms/new");
        assertThat(site.get("/a?b=c").hit()).isEqualTo(!forgotten);
    }

    @Test
    void allVariantsAreForgotten() {
        site.answers(200, "a", "Cache-Control", "max-age=60", "Vary", "X-A");
        site.get("/", "X-A", "1");
        site.get("/", "X-A", "2");
        site.send("POST", "/");
        assertThat(site.get("/", "X-A", "1").hit()).isFalse();
        assertThat(site.get("/", "X-A", "2").hit()).isFalse();
    }

    @Test
    void aResponseThatWasOnItsWayIsNotStored() {
        site.application(exchange -> {
            site.answers(204, "");
            site.send("POST", "/");
            TestApplication.reply(exchange, 200, "old", "Cache-Control", "max-age=60");
        });
        assertThat(site.get("/").text()).isEqualTo("old");
        site.answers(200, "new", "Cache-Control", "max-age=60");
        assertThat(site.get("/").text()).isEqualTo("new");
    }
}
