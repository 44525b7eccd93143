package io.juwsgi.plugin.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Whatever an Authorization field says, it is a user with a name and without control characters, or nobody. */
class CredentialsFuzzTest {

    @FuzzTest(maxDuration = "10s")
    void userOrNobody(byte[] bytes) {
        for (String field : new String[] {
            new String(bytes, StandardCharsets.ISO_8859_1),
            "Basic " + Base64.getEncoder().encodeToString(bytes)
        }) {
            Credentials credentials = Credentials.parse(field);
            if (credentials != null) {
                assertThat(credentials.user()).isNotEmpty().doesNotContain(":", "\n", "\0");
            }
        }
    }
}
