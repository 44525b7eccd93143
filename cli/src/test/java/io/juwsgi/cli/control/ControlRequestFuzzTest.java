package io.juwsgi.cli.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are a request, which reads the same when it is written again, or are refused with a reason of one line. */
final class ControlRequestFuzzTest {

    @FuzzTest(maxDuration = "30s")
    void parsesOrRefuses(byte[] line) throws ControlException {
        ControlRequest request;
        try {
            request = ControlRequest.parse(line);
        } catch (ControlException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
            return;
        }
        assertThat(ControlRequest.parse(request.line())).isEqualTo(request);
    }
}
