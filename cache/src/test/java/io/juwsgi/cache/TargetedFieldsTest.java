package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.TestRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Newer fields of caches: RFC 8246 (immutable), RFC 9213 (targeted fields), RFC 9875 (groups). */
class TargetedFieldsTest {
    private final Site site = new Site();

    @ParameterizedTest
    @CsvSource({"max-age=0,true", "no-cache,false", "'max-age=0, no-cache',false"})
    void rfc8246_aReloadDoesNotValidateWhatNeverChanges(String wish, boolean hit) {
        site.answers(200, "a", "Cache-Control", "max-age=60, immutable");
        site.get("/");
        site.seconds(5);
        assertThat(site.get("/", "Cache-Control", wish).hit()).isEqualTo(hit);
        site.seconds(60);
        assertThat(site.get("/", "Cache-Control", "max-age=0").hit()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "max-age=60,no-store,true",
        "no-store,max-age=60,false",
        "'max-age=60, private',max-age=60,false",
        "'max-age=60;x=1, unknown=?0',no-store,true",
        "'max-age=60.0',max-age=60,false",
        "'max-age=\"60\",,',max-age=60,true",
        "'&&&',max-age=60,true",
        "'',max-age=60,true"
    })
    void rfc9213_theTargetedFieldStandsAboveCacheControlWhenItIsValid(String targeted, String general, boolean hit) {
        site.answers(200, "a", "CDN-Cache-Control", targeted, "Cache-Control", general);
        site.get("/");
        var answer = site.get("/");
        assertThat(answer.hit()).isEqualTo(hit);
        assertThat(answer.field("Cache-Control")).isEqualTo(general);
    }

    @Test
    void rfc9213_expiresDoesNotCountBesideIt() {
        site.answers(200, "a", "CDN-Cache-Control", "must-revalidate", "Expires", "Sat, 21 Nov 2026 13:00:00 GMT");
        site.get("/");
        assertThat(site.get("/").hit()).isFalse();
    }

    @Test
    void rfc9213_theOperatorNamesTheFields() {
        Site named = new Site("--http-cache-targets=Juwsgi-Cache-Control", "--http-cache-targets=CDN-Cache-Control");
        named.answers(200, "a", "CDN-Cache-Control", "no-store", "Juwsgi-Cache-Control", "max-age=60");
        named.get("/");
        assertThat(named.get("/").hit()).isTrue();
    }

    @Test
    void rfc9875_anUnsafeRequestForgetsTheGroupsThatItsResponseNames() {
        site.answers(200, "a", "Cache-Control", "max-age=60", "Cache-Groups", "\"one\", \"two\"");
        site.get("/1");
        site.send(TestRequest.get("/1").field("Host", "other.example"));
        site.answers(200, "b", "Cache-Control", "max-age=60", "Cache-Groups", "\"ONE\"");
        site.get("/2");
        site.answers(204, "", "Cache-Group-Invalidation", "\"two\", \"one\"");
        site.send("POST", "/form");
        assertThat(site.get("/2").hit()).isTrue();
        assertThat(site.send(TestRequest.get("/1").field("Host", "other.example"))
                        .hit())
                .isTrue();
        assertThat(site.get("/1").hit()).isFalse();
    }

    @Test
    void rfc9875_safeRequestsAndWrongFieldsForgetNothing() {
        site.answers(
                200,
                "a",
                "Cache-Control",
                "max-age=60",
                "Cache-Groups",
                "\"one\"",
                "Cache-Group-Invalidation",
                "\"one\"");
        site.get("/1");
        site.answers(204, "", "Cache-Group-Invalidation", "\"one");
        site.send("POST", "/form");
        assertThat(site.get("/1").hit()).isTrue();
    }
}
