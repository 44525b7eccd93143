package io.juwsgi.spi.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestScopeTest {

    @ParameterizedTest
    @CsvSource({
        "'',            /,      any.host,    /,         true",
        "'',            /a,     any.host,    /a,        true",
        "'',            /a/,    any.host,    /a/b,      true",
        "'',            /a,     any.host,    /ab,       false",
        "Example.org,   /,      example.org, /x,        true",
        "example.org,   /,      a.example.org, /x,      false",
        "*.example.org, /,      a.example.org, /x,      true",
        "*.example.org, /,      example.org, /x,        false",
        "*.example.org, /,      badexample.org, /x,     false"
    })
    void hasRequestsOfItsHostAtItsPathAndBelow(String host, String path, String asked, String target, boolean has) {
        assertThat(new RequestScope(host, path).has(asked, target)).isEqualTo(has);
    }

    @Test
    void theClosestComesFirst() {
        RequestScope rest = new RequestScope("", "/");
        RequestScope deep = new RequestScope("", "/a/b");
        RequestScope part = new RequestScope("*.example.org", "/");
        RequestScope longer = new RequestScope("*.x.example.org", "/");
        RequestScope whole = new RequestScope("a.org", "/");
        assertThat(Stream.of(rest, part, deep, whole, longer).sorted(RequestScope.CLOSEST_FIRST))
                .containsExactly(whole, longer, part, deep, rest);
    }

    @ParameterizedTest
    @CsvSource({"A.org, a.org", "a.org:80, a.org", "[::1], [::1]", "[::1]:80, [::1]", "'', ''"})
    void theHostIsBare(String field, String bare) {
        assertThat(RequestScope.bareHost(field)).isEqualTo(bare);
    }

    @Test
    void aPathBeginsWithASlash() {
        assertThatThrownBy(() -> new RequestScope("", "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("path: a (expected: beginning with a slash)");
    }
}
