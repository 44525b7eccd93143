package io.juwsgi.plugin.ssl;

import io.juwsgi.plugin.ssl.Pem.PemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks authorities whether a certificate is good (RFC 6960), and checks what they say as a client would. Blocks. */
final class Ocsp {
    /** More than any answer has, in bytes; it must fit into a handshake. */
    static final int LARGEST = 64 * 1024;

    private static final int TIMEOUT_MILLIS = 10_000;

    /** The extension that names who answers: authorityInfoAccess (RFC 5280 section 4.2.2.1). */
    private static final String ACCESS = "1.3.6.1.5.5.7.1.1";

    /** The method among its entries: id-ad-ocsp. */
    private static final byte[] METHOD = Der.literal("06082b06010505073001");

    /** AlgorithmIdentifier of SHA-1, which RFC 5019 section 2.1.1 asks for: it names a certificate, and protects nothing. */
    private static final byte[] SHA_1 = Der.literal("300906052b0e03021a0500");

    private static final int SEQUENCE = 0x30;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;

    /** The context tag of a GeneralName that is a URI. */
    private static final int NAME_URI = 0x86;

    private Ocsp() {}

    /** Says why there is no good answer. */
    static final class OcspException extends Exception {
        private static final long serialVersionUID = 1;

        OcspException(String message) {
            super(message);
        }
    }

    /** Reads an answer from a file, in DER. */
    static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return limited(in);
        }
    }

    private static byte[] limited(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
            throw new IOException("an OCSP response of more than " + LARGEST + " bytes");
        }
        return bytes;
    }

    /**
     * Asks whoever the certificate names.
     *
     * @param chain the certificate, then the one that vouches for it
     * @return the answer, not checked
     */
    static byte[] ask(List<X509Certificate> chain) throws IOException, OcspException {
        X509Certificate own = chain.getFirst();
        String where = responder(own);
        if (where == null || !where.startsWith("http://")) {
            throw new OcspException("the certificate names no OCSP responder that is asked by http");
        }
        byte[] request = request(own, issuer(chain));
        HttpURLConnection connection = open(where);
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/ocsp-request");
        connection.setFixedLengthStreamingMode(request.length);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(request);
        }
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException(where + " answers " + connection.getResponseCode());
        }
        try (InputStream in = connection.getInputStream()) {
            return limited(in);
        } finally {
            connection.disconnect();
        }
    }

    private static HttpURLConnection open(String where) throws IOException, OcspException {
        try {
            return (HttpURLConnection) new URI(where).toURL().openConnection();
        } catch (URISyntaxException e) {
            throw new OcspException("the certificate names an OCSP responder without a proper address");
        }
    }

    /** Returns the address of who answers for a certificate, null when it names nobody. */
    static @Nullable String responder(X509Certificate certificate) throws OcspException {
        byte[] extension = certificate.getExtensionValue(ACCESS);
        if (extension == null) {
            return null;
        }
        try {
            DerReader entries =
                    new DerReader(new DerReader(extension).inside(OCTET_STRING).rest()).inside(SEQUENCE);
            while (entries.next(SEQUENCE)) {
                DerReader entry = entries.inside(SEQUENCE);
                byte[] method = Der.value(
                        OBJECT_IDENTIFIER, entry.inside(OBJECT_IDENTIFIER).rest());
                if (Arrays.equals(method, METHOD) && entry.next(NAME_URI)) {
                    return new String(entry.inside(NAME_URI).rest(), StandardCharsets.US_ASCII);
                }
            }
            return null;
        } catch (PemException e) {
            throw new OcspException("the certificate's authorityInfoAccess is damaged");
        }
    }

    private static byte[] request(X509Certificate own, X509Certificate issuer) throws OcspException {
        try {
            DerReader key = new DerReader(issuer.getPublicKey().getEncoded()).inside(SEQUENCE);
            key.skip();
            byte[] bits = key.inside(BIT_STRING).rest();
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] nameHash = sha1.digest(own.getIssuerX500Principal().getEncoded());
            // Behind the count of unused bits.
            sha1.update(bits, 1, bits.length - 1);
            byte[] id = Der.sequence(
                    SHA_1,
                    Der.octetString(nameHash),
                    Der.octetString(sha1.digest()),
                    Der.integer(own.getSerialNumber()));
            return Der.sequence(Der.sequence(Der.sequence(Der.sequence(id))));
        } catch (PemException | GeneralSecurityException e) {
            throw new OcspException("the issuer's key cannot be named: " + e.getMessage());
        }
    }

    private static X509Certificate issuer(List<X509Certificate> chain) throws OcspException {
        if (chain.size() < 2) {
            throw new OcspException("the certificate's file does not have the certificate of its issuer behind it");
        }
        return chain.get(1);
    }

    /**
     * Checks that an answer is about this certificate, signed by who may, neither too old nor too new, and good.
     *
     * @throws OcspException saying what is wrong
     */
    static void check(List<X509Certificate> chain, byte[] answer) throws OcspException {
        X509Certificate own = chain.getFirst();
        TrustAnchor anchor = new TrustAnchor(issuer(chain), null);
        try {
            CertPathValidator validator = CertPathValidator.getInstance("PKIX");
            PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
            checker.setOptions(EnumSet.of(Option.ONLY_END_ENTITY, Option.NO_FALLBACK));
            checker.setOcspResponses(Map.of(own, answer));
            PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
            parameters.addCertPathChecker(checker);
            validator.validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(own)), parameters);
        } catch (GeneralSecurityException e) {
            throw new OcspException("the OCSP response is of no use: " + e.getMessage());
        }
    }
}
