package io.juwsgi.loadbalancer.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/** Answers of a server that is asked whether it is well. */
class FastCgiAnswerFuzzTest {

    @FuzzTest
    void answersAreRefusedInOneLineOrHaveAStatus(byte[] bytes) {
        try {
            assertThat(FastCgiAnswerTest.status(bytes)).isBetween(100, 599);
        } catch (IOException e) {
            assertThat(e.getMessage()).matches("\\S.*");
        }
    }
}
