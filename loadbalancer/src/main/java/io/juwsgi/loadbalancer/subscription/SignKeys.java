package io.juwsgi.loadbalancer.subscription;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** RSA keys in PEM files. */
final class SignKeys {
    private static final long LARGEST = 64 * 1024;
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z ]+)-----\\s*([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private SignKeys() {}

    private static Matcher read(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException(file + " is larger than " + LARGEST + " bytes");
        }
        Matcher pem = PEM.matcher(Files.readString(file));
        if (!pem.find()) {
            throw new IOException(file + ": there is no key in it (expected: PEM)");
        }
        return pem;
    }

    /** Reads a public key, or that of a certificate. */
    static PublicKey publicKey(Path file) throws IOException, GeneralSecurityException {
        Matcher pem = read(file);
        byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
        if (pem.group(1).equals("CERTIFICATE")) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der))
                    .getPublicKey();
        }
        return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
    }

    /** Reads a private key: PKCS#8, or the RSA key that older tools write. */
    static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        Matcher pem = read(file);
        byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
        byte[] pkcs8 = pem.group(1).equals("RSA PRIVATE KEY") ? wrapped(der) : der;
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /** Puts PKCS#8 (RFC 5958) around an RSA key of PKCS#1. */
    private static byte[] wrapped(byte[] rsa) {
        byte[] algorithm = {
            0x30,
            0x0d,
            0x06,
            0x09,
            0x2a,
            (byte) 0x86,
            0x48,
            (byte) 0x86,
            (byte) 0xf7,
            0x0d,
            0x01,
            0x01,
            0x01,
            0x05,
            0x00
        };
        byte[] version = {0x02, 0x01, 0x00};
        byte[] octets = tagged(0x04, rsa);
        byte[] inside = new byte[version.length + algorithm.length + octets.length];
        System.arraycopy(version, 0, inside, 0, version.length);
        System.arraycopy(algorithm, 0, inside, version.length, algorithm.length);
        System.arraycopy(octets, 0, inside, version.length + algorithm.length, octets.length);
        return tagged(0x30, inside);
    }

    private static byte[] tagged(int tag, byte[] content) {
        byte[] out = new byte[content.length + 4];
        out[0] = (byte) tag;
        out[1] = (byte) 0x82;
        out[2] = (byte) (content.length >> 8);
        out[3] = (byte) content.length;
        System.arraycopy(content, 0, out, 4, content.length);
        return out;
    }
}
