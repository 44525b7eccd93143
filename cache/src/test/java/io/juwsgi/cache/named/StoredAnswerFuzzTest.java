package io.juwsgi.cache.named;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever lies in a cache is a response or none, and nothing else happens. */
class StoredAnswerFuzzTest {
    @FuzzTest
    void isAResponseOrNone(byte[] value) {
        StoredAnswer answer = StoredAnswer.parse(value);
        if (answer != null && answer.body().length >= value.length) {
            throw new AssertionError("a body without a head");
        }
    }
}
