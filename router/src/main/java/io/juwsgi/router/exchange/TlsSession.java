package io.juwsgi.router.exchange;

import io.netty.util.AttributeKey;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What the handshake of a connection has brought.
 *
 * @param protocol the version, such as {@code TLSv1.3}
 * @param cipher the cipher suite
 * @param client the client's certificate that was checked, or null
 * @param exportCertificate whether the application is to see the whole certificate
 */
public record TlsSession(
        String protocol, String cipher, @Nullable X509Certificate client, boolean exportCertificate) {

    /** Where a connection's session is kept. */
    public static final AttributeKey<TlsSession> KEY = AttributeKey.valueOf(TlsSession.class, "session");

    /** Takes CGI variables. */
    @FunctionalInterface
    public interface Sink {
        void variable(String name, String value);
    }

    /** Gives the CGI variables that tell of the session. */
    public void variables(Sink sink) {
        sink.variable("HTTPS", "on");
        sink.variable("SSL_PROTOCOL", protocol);
        sink.variable("SSL_CIPHER", cipher);
        X509Certificate shown = client;
        if (shown == null) {
            return;
        }
        sink.variable("HTTPS_DN", SubjectName.oneLine(shown.getSubjectX500Principal()));
        if (exportCertificate) {
            export(shown, sink);
        }
    }

    private static void export(X509Certificate shown, Sink sink) {
        byte[] der;
        try {
            der = shown.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
        sink.variable("HTTPS_CLIENT_CERTIFICATE", new String(der, StandardCharsets.ISO_8859_1));
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        sink.variable("HTTPS_CC", "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n");
    }
}
