package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ages that are wrong, and clocks that differ: RFC 9111 sections 4.2.1, 4.2.3 and 5.1. */
class Rfc9111Section5_1Test {
    private final Site site = new Site();

    @ParameterizedTest
    @CsvSource({"30,30", "'30, 90',30", "abc,0", "-5,0", "1.5,0", "'',0", "99999999999999999999,2147483648"})
    void ofAListTheFirstAgeCountsAndWhatIsNoneDoesNot(String told, String age) {
        site.answers(200, "a", "Cache-Control", "max-age=99999999999", "Age", told);
        site.get("/");
        assertThat(site.get("/", "Cache-Control", "max-stale").field("Age")).isEqualTo(age);
    }

    @ParameterizedTest
    @CsvSource({"max-age=-5", "max-age=5.5", "max-age=", "max-age", "'max-age=\"x\"'", "'max-age=60, max-age=x'"})
    void anAgeThatIsNoneIsStale(String control) {
        site.answers(200, "a", "Cache-Control", control);
        site.get("/");
        assertThat(site.get("/").hit()).isFalse();
    }

    @Test
    void aClockThatIsAheadMakesNothingYounger() {
        site.answers(200, "a", "Cache-Control", "max-age=10", "Date", "Sat, 21 Nov 2026 13:00:00 GMT");
        site.get("/");
        site.seconds(9);
        assertThat(site.get("/").field("Age")).isEqualTo("9");
        site.seconds(1);
        assertThat(site.get("/").hit()).isFalse();
    }

    @Test
    void expiresCountsFromTheDateOfTheSameClock() {
        site.answers(200, "a", "Date", "Sat, 21 Nov 2026 13:00:00 GMT", "Expires", "Sat, 21 Nov 2026 13:00:10 GMT");
        site.get("/");
        site.seconds(9);
        assertThat(site.get("/").hit()).isTrue();
        site.seconds(1);
        assertThat(site.get("/").hit()).isFalse();
    }

    @Test
    void twoDifferentExpiresAreNone() {
        site.answers(200, "a", "Expires", "Sat, 21 Nov 2026 13:00:00 GMT", "Expires", "Sat, 21 Nov 2026 14:00:00 GMT");
        site.get("/");
        assertThat(site.get("/").hit()).isFalse();
    }
}
