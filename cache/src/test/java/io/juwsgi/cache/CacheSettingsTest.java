package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.Option;
import io.juwsgi.config.typed.ByteSize;
import io.juwsgi.config.typed.RecordOptions;
import org.junit.jupiter.api.Test;

/** The options of the cache and what they refuse. */
class CacheSettingsTest {

    @Test
    void theOptionsAreNamedAfterTheExtension() {
        assertThat(RecordOptions.of("http-cache", CacheSettings.class).options())
                .extracting(Option::name)
                .containsExactly("http-cache", "http-cache-size", "http-cache-max-entry");
    }

    @Test
    void anEntryThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> new CacheSettings(new ByteSize(0), new ByteSize(0)))
                .hasMessage("size: 0 (expected: more than 0)");
        assertThatThrownBy(() -> new CacheSettings(new ByteSize(1024), new ByteSize(2048)))
                .hasMessage("maxEntry: 2048 (expected: not more than 1024, the size of the cache and at most 1g)");
    }
}
