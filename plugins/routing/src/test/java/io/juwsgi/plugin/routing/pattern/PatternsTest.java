package io.juwsgi.plugin.routing.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PatternsTest {
    private static final int STEPS = 100_000;
    private static final String EVIL = "a".repeat(60_000) + "!";

    @Test
    void re2RunsWhatIsInItsLanguage() {
        CompiledPattern pattern = Patterns.compile("^/(\\d+)/?(x)?$", STEPS);
        assertThat(pattern.engine()).isEqualTo("RE2");
        assertThat(pattern.find("/42/")).containsExactly("/42/", "42", "");
        assertThat(pattern.find("/4b")).isNull();
    }

    @Test
    void javaRunsTheRest() {
        CompiledPattern pattern = Patterns.compile("^/(?!admin)(\\w+)/\\1$", STEPS);
        assertThat(pattern.engine()).isEqualTo("Java, at most 100000 steps");
        assertThat(pattern.find("/x/x")).containsExactly("/x/x", "x");
        assertThat(pattern.find("/admin/admin")).isNull();
    }

    /** Each of these takes a backtracking matcher longer than the age of the universe. */
    @Test
    void catastrophicPatternsOfRe2EndByThemselves() {
        for (String pattern : new String[] {"^(a+)+$", "^(a|aa)+$", "(a*)*b", "^(.*a){20}$"}) {
            CompiledPattern compiled = Patterns.compile(pattern, STEPS);
            assertThat(compiled.engine()).isEqualTo("RE2");
            assertThat(compiled.find(EVIL.substring(50_000))).as(pattern).isNull();
        }
    }

    @Test
    void catastrophicPatternsOfJavaAreStopped() {
        CompiledPattern pattern = Patterns.compile("^(?=a)(a+)+$", STEPS);
        assertThat(pattern.engine()).startsWith("Java");
        assertThatThrownBy(() -> pattern.find(EVIL))
                .isInstanceOf(PatternLimitException.class)
                .hasMessage("a pattern takes too many steps");
        CompiledPattern deep = Patterns.compile("^(?=a)(a|b)*$", 10_000_000);
        assertThatThrownBy(() -> deep.find("a".repeat(2_000_000))).isInstanceOf(PatternLimitException.class);
    }

    @Test
    void thePrefixIsWhatEveryMatchBeginsWith() {
        assertThat(AnchoredPrefix.of("^/foo/(.*)")).isEqualTo("/foo/");
        assertThat(AnchoredPrefix.of("^/foo$")).isEqualTo("/foo");
        assertThat(AnchoredPrefix.of("^/foo?")).isEqualTo("/fo");
        assertThat(AnchoredPrefix.of("^/foo*x")).isEqualTo("/fo");
        assertThat(AnchoredPrefix.of("^/foo{0,1}")).isEqualTo("/fo");
        assertThat(AnchoredPrefix.of("^/foo+")).isEqualTo("/fo");
        assertThat(AnchoredPrefix.of("^/foo\\.php")).isEqualTo("/foo");
        assertThat(AnchoredPrefix.of("^/foo|/bar")).isEmpty();
        assertThat(AnchoredPrefix.of("^(?i)/foo")).isEmpty();
        assertThat(AnchoredPrefix.of("/foo")).isEmpty();
        assertThat(AnchoredPrefix.of("^")).isEmpty();
        assertThat(AnchoredPrefix.of("^a*")).isEmpty();
    }
}
