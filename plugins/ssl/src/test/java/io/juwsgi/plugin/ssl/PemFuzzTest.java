package io.juwsgi.plugin.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.juwsgi.plugin.ssl.Pem.PemException;
import java.nio.charset.StandardCharsets;

/** Any text is taken for PEM or refused, and any bytes for a key or refused; nothing else happens. */
final class PemFuzzTest {

    @FuzzTest(maxDuration = "30s")
    void textsAreReadOrRefused(byte[] bytes) {
        try {
            for (Pem part : Pem.parse(new String(bytes, StandardCharsets.ISO_8859_1))) {
                assertThat(part.label()).isNotEmpty();
                if (PrivateKeys.isKey(part)) {
                    assertThat(PrivateKeys.read(part).getEncoded()).isNotNull();
                }
            }
        } catch (PemException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @FuzzTest(maxDuration = "30s")
    void keysAreReadOrRefused(byte[] der) {
        for (String label : new String[] {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"}) {
            try {
                assertThat(PrivateKeys.read(new Pem(label, der)).getAlgorithm()).isNotEmpty();
            } catch (PemException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }
}
