package io.juwsgi.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Bytes that a shared store gives back. */
class EntryCodecFuzzTest {

    @FuzzTest
    void whatIsReadIsWrittenTheSame(byte[] bytes) {
        EntryCodec.Entry read = EntryCodec.read(bytes);
        if (read != null && read.response().body() instanceof Body.Bytes(byte[] body)) {
            EntryCodec.Entry again = EntryCodec.read(EntryCodec.whole(read.key(), read.response(), body));
            assertThat(again).isNotNull();
            assertThat(again.key()).isEqualTo(read.key());
            assertThat(again.response().fields())
                    .hasToString(read.response().fields().toString());
        }
    }
}
