package io.juwsgi.plugin.ssl;

import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.tls.TlsIdentity;
import io.juwsgi.testkit.contract.TlsContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/** The provider with both of its engines against the contract of the test kit. */
class TlsContractTest {

    private abstract static class WithEngine extends TlsContract {
        private final String engine;

        WithEngine(String engine) {
            this.engine = engine;
        }

        @Override
        protected Plugin plugin() {
            return new SslPlugin();
        }

        @Override
        protected String provider() {
            return "tls";
        }

        @Override
        protected List<String> options() {
            return List.of("--tls", "--tls-engine", engine);
        }

        @Override
        protected TlsIdentity identity(Path directory, TlsIdentity.ClientCertificate clients) throws Exception {
            Identity made = SelfSigned.make();
            Path certificate = directory.resolve("certificate.pem");
            Path key = directory.resolve("key.pem");
            Files.writeString(
                    certificate, pem("CERTIFICATE", made.chain().getFirst().getEncoded()));
            Files.writeString(key, pem("PRIVATE KEY", made.key().getEncoded()));
            boolean asked = clients != TlsIdentity.ClientCertificate.NONE;
            return new TlsIdentity(
                    Optional.of(certificate),
                    Optional.of(key),
                    Optional.empty(),
                    asked ? Optional.of(certificate) : Optional.empty(),
                    clients);
        }

        private static String pem(String what, byte[] bytes) {
            return "-----BEGIN " + what + "-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what
                    + "-----\n";
        }
    }

    @Nested
    class WithTheJdk extends WithEngine {
        WithTheJdk() {
            super("jdk");
        }
    }

    @Nested
    class WithBoringSsl extends WithEngine {
        WithBoringSsl() {
            super("auto");
        }
    }
}
