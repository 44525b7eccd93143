package io.juwsgi.plugin.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Messages that anybody may have published. */
class RemovalMessageFuzzTest {

    @FuzzTest
    void whatIsReadIsWrittenTheSame(byte[] bytes) {
        RemovalMessage read = RemovalMessage.of(bytes);
        if (read != null) {
            assertThat(RemovalMessage.of(read.bytes())).isEqualTo(read);
        }
    }
}
