package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the options of the cache refuse. */
class CacheSettingsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--http-cache-size=0|size: 0 (expected: more than 0)",
                "--http-cache-max-entry=65m|expected: not more than 67108864, the size of the cache and at most 1g",
                "--http-cache-heuristic=101|heuristic: 101 (expected: 0 to 100)",
                "--http-cache-purge-from=localhost|purge-from: localhost (expected: an address such as 127.0.0.1",
                "--http-cache-purge-from=10.0.0.0/33|purge-from: 10.0.0.0/33 (expected: an address such as 127.0.0.1"
            })
    void whatDoesNotFitIsRefused(String option, String message) {
        assertThatThrownBy(() -> new Site(option)).hasMessageContaining(message);
    }
}
