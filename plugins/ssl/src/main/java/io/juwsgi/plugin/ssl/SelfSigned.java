package io.juwsgi.plugin.ssl;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;

/** A certificate for localhost that vouches for itself (RFC 5280), for trying things out. It lives in memory. */
final class SelfSigned {
    private static final Duration LIFE = Duration.ofDays(90);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final byte[] ECDSA_WITH_SHA256 = Der.literal("300a06082a8648ce3d040302");
    private static final byte[] COMMON_NAME = Der.literal("0603550403");
    private static final byte[] SUBJECT_ALTERNATIVE_NAME = Der.literal("0603551d11");
    private static final byte[] BASIC_CONSTRAINTS = Der.literal("0603551d13");
    private static final byte[] EXTENDED_KEY_USAGE = Der.literal("0603551d25");
    private static final byte[] SERVER_AUTHENTICATION = Der.literal("06082b06010505070301");
    private static final byte[] TRUE = Der.literal("0101ff");
    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS = 0xa3;
    private static final int UTC_TIME = 0x17;
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;

    private SelfSigned() {}

    /** Makes a new key and its certificate. */
    static Identity make() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] signed = signedPart(pair, Instant.now());
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(signed);
            byte[] certificate = Der.sequence(signed, ECDSA_WITH_SHA256, Der.bitString(signature.sign()));
            X509Certificate read = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
            return new Identity(pair.getPrivate(), List.of(read));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK cannot make a certificate", e);
        }
    }

    /** Returns the certificate's SHA-256 digest, as browsers show it. */
    static String fingerprint(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK cannot digest a certificate", e);
        }
    }

    private static byte[] signedPart(KeyPair pair, Instant now) {
        byte[] name = Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.text("localhost"))));
        return Der.sequence(
                Der.value(VERSION, Der.integer(2)),
                Der.integer(new BigInteger(63, new SecureRandom()).setBit(62)),
                ECDSA_WITH_SHA256,
                name,
                // Clocks of clients may be behind.
                Der.sequence(time(now.minus(Duration.ofHours(1))), time(now.plus(LIFE))),
                name,
                pair.getPublic().getEncoded(),
                Der.value(EXTENSIONS, Der.sequence(alternativeNames(), noAuthority(), forServers())));
    }

    private static byte[] time(Instant time) {
        return Der.value(UTC_TIME, TIME.format(time).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] alternativeNames() {
        byte[] names = Der.sequence(
                Der.value(DNS_NAME, "localhost".getBytes(StandardCharsets.US_ASCII)),
                Der.value(IP_ADDRESS, new byte[] {127, 0, 0, 1}),
                Der.value(IP_ADDRESS, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
        return Der.sequence(SUBJECT_ALTERNATIVE_NAME, Der.octetString(names));
    }

    private static byte[] noAuthority() {
        return Der.sequence(BASIC_CONSTRAINTS, TRUE, Der.octetString(Der.sequence()));
    }

    private static byte[] forServers() {
        return Der.sequence(EXTENDED_KEY_USAGE, Der.octetString(Der.sequence(SERVER_AUTHENTICATION)));
    }
}
