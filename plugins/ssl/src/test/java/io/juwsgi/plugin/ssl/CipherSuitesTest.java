package io.juwsgi.plugin.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import org.junit.jupiter.api.Test;

class CipherSuitesTest {
    @Test
    void namesOfOpensslAndOfTheRegistryAreTaken() {
        assertThat(CipherSuites.parse("--x", "ECDHE-RSA-AES256-SHA:TLS_RSA_WITH_AES_128_GCM_SHA256"))
                .endsWith("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_AES_128_GCM_SHA256")
                .hasSize(5);
    }

    @Test
    void groupsAreTheModernSuitesLessWhatIsTakenAway() {
        assertThat(CipherSuites.parse("--x", "HIGH:!aNULL:!MD5")).isEqualTo(CipherSuites.modern());
        assertThat(CipherSuites.parse("--x", "EECDH+AESGCM:EDH+AESGCM:!AES128:!CHACHA20"))
                .endsWith("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
                .hasSize(5);
    }

    @Test
    void whatIsNotKnownIsRefused() {
        assertThatThrownBy(() -> CipherSuites.parse("--x", "ECDHE-RSA-RC4-SHA"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("--x: cipher suite ECDHE-RSA-RC4-SHA (expected: one of ECDHE-ECDSA-AES128-GCM");
        assertThatThrownBy(() -> CipherSuites.parse("--x", "HIGH:!ECDHE"))
                .hasMessage("--x: no cipher suite is left of HIGH:!ECDHE");
    }
}
