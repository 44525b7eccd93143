package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No-Vary-Search, behind its switch. */
class NoVarySearchTest {
    private final Site site = new Site("--http-cache-no-vary-search");

    /** The first response tells the rule, the second one is stored by it. */
    private boolean same(Site where, String rule, String first, String second) {
        where.answers(200, "a", "Cache-Control", "max-age=60", "No-Vary-Search", rule);
        where.get("/page?told");
        where.get(first);
        return where.get(second).hit();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "params|/page?a=1|/page?b=2|true",
                "params|/page?a=1|/page|true",
                "params, except=(\"id\")|/page?id=1&a=2|/page?b&id=1|true",
                "params, except=(\"id\")|/page?id=1|/page?id=2|false",
                "params=(\"a\" \"b\")|/page?a=1&c=3|/page?c=3&b=2|true",
                "params=(\"a\" \"b\")|/page?c=3|/page?c=4|false",
                "key-order|/page?a=1&b=2|/page?b=2&a=1|true",
                "key-order|/page?a=1&a=2|/page?a=2&a=1|false",
                "key-order=?0|/page?a=1&b=2|/page?b=2&a=1|false",
                "params|/page?a;b=1|/page?c;d=2|false"
            })
    void whatTheResponseSaysMakesNoDifference(String rule, String first, String second, boolean same) {
        assertThat(same(site, rule, first, second)).isEqualTo(same);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"params=1", "params=(a)", "except=(\"a\")", "params=(\"a\"), except=(\"b\")", "key-order=1", "&"
            })
    void whatIsNotValidSaysNothing(String rule) {
        assertThat(same(site, rule, "/page?a=1", "/page?a=2")).isFalse();
    }

    @Test
    void otherPathsAndHostsAreNotMeant() {
        assertThat(same(site, "params", "/page?a=1", "/other?a=1")).isFalse();
    }

    @Test
    void withoutTheSwitchNothingOfItHolds() {
        assertThat(same(new Site(), "params", "/page?a=1", "/page?a=2")).isFalse();
    }

    @Test
    void aChangeForgetsWhatCountsAsTheSame() {
        assertThat(same(site, "params", "/page?a=1", "/page?a=2")).isTrue();
        site.answers(204, "");
        site.send("POST", "/page?a=3");
        site.answers(200, "new");
        assertThat(site.get("/page?a=1").text()).isEqualTo("new");
    }
}
