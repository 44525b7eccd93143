package io.juwsgi.plugin.ssl;

import io.juwsgi.plugin.ssl.Pem.PemException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Set;

/**
 * Private keys in the forms that tools write: PKCS#8 (RFC 5958), RSA keys of PKCS#1 (RFC 8017), elliptic curve keys (RFC
 * 5915).
 */
final class PrivateKeys {
    private static final Set<String> LABELS =
            Set.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    /** AlgorithmIdentifier of RSA keys: rsaEncryption, NULL. */
    private static final byte[] RSA = Der.literal("300d06092a864886f70d0101010500");

    /** The object identifier id-ecPublicKey. */
    private static final byte[] EC = Der.literal("06072a8648ce3d0201");

    private static final int SEQUENCE = 0x30;

    /** The identifier octet of the curve in an elliptic curve key. */
    private static final int CURVE = 0xa0;

    private PrivateKeys() {}

    static boolean isKey(Pem part) {
        return LABELS.contains(part.label());
    }

    /** Returns the key in {@code part}, which {@link #isKey}. */
    static PrivateKey read(Pem part) throws PemException {
        return switch (part.label()) {
            case "PRIVATE KEY" -> key(part.der());
            case "RSA PRIVATE KEY" -> key(Der.sequence(Der.integer(0), RSA, Der.octetString(part.der())));
            case "EC PRIVATE KEY" -> key(wrappedCurve(part.der()));
            default -> throw new PemException("the key is encrypted (expected: one without passphrase)");
        };
    }

    /** Puts the curve where PKCS#8 has it. */
    private static byte[] wrappedCurve(byte[] der) throws PemException {
        DerReader key = new DerReader(der).inside(SEQUENCE);
        key.skip();
        key.skip();
        if (!key.next(CURVE)) {
            throw new PemException("the key does not name its curve");
        }
        byte[] curve = key.inside(CURVE).rest();
        return Der.sequence(Der.integer(0), Der.sequence(EC, curve), Der.octetString(der));
    }

    private static PrivateKey key(byte[] pkcs8) throws PemException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException e) {
                // Of another kind, or of none: the last one tells.
            }
        }
        throw new PemException("the private key is damaged or of an unknown kind (expected: RSA, EC or EdDSA)");
    }
}
