package io.juwsgi.plugin.ssl;

import io.juwsgi.plugin.ssl.Pem.PemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * A private key and its certificate, followed by those that vouch for it.
 *
 * @param chain at least one
 */
record Identity(PrivateKey key, List<X509Certificate> chain) {

    /**
     * Reads both from PEM files, which may be one, and checks that they belong together.
     *
     * @throws IdentityException saying which file is wrong, and how
     */
    static Identity read(Path certificate, Path key) throws IdentityException {
        List<X509Certificate> chain = certificates(certificate);
        PrivateKey own = key(key);
        if (!fits(own, chain.getFirst().getPublicKey())) {
            throw new IdentityException(key, "the key is not that of the certificate in " + certificate);
        }
        return new Identity(own, chain);
    }

    /** Returns all certificates of a PEM file, at least one. */
    static List<X509Certificate> certificates(Path file) throws IdentityException {
        try {
            List<X509Certificate> found = new ArrayList<>();
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Pem part : Pem.read(file)) {
                if (part.label().equals("CERTIFICATE")) {
                    found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(part.der())));
                }
            }
            if (found.isEmpty()) {
                throw new IdentityException(file, "there is no certificate in it (expected: PEM)");
            }
            return found;
        } catch (CertificateException e) {
            throw new IdentityException(file, "a certificate in it is damaged");
        } catch (IOException | PemException e) {
            throw new IdentityException(file, reason(e));
        }
    }

    private static PrivateKey key(Path file) throws IdentityException {
        try {
            for (Pem part : Pem.read(file)) {
                if (PrivateKeys.isKey(part)) {
                    return PrivateKeys.read(part);
                }
            }
            throw new IdentityException(file, "there is no private key in it (expected: PEM)");
        } catch (IOException | PemException e) {
            throw new IdentityException(file, reason(e));
        }
    }

    private static String reason(Exception e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "no permission to read it";
            default -> String.valueOf(e.getMessage());
        };
    }

    /** Returns whether what one key signs the other one accepts. */
    private static boolean fits(PrivateKey key, PublicKey certified) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "RSASSA-PSS" -> "";
            default -> key.getAlgorithm();
        };
        if (algorithm.isEmpty()) {
            return certified.getAlgorithm().startsWith("RSA");
        }
        try {
            byte[] sample = {1, 2, 3};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(sample);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Says which file cannot be used, and why. */
    static final class IdentityException extends Exception {
        private static final long serialVersionUID = 1;

        IdentityException(Path file, String problem) {
            super(file + ": " + problem);
        }
    }
}
