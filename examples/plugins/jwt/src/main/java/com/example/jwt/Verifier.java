package com.example.jwt;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Checks signatures with the one algorithm that was configured. What a token says about its algorithm is compared with that
 * and never chooses it. Thread-safe.
 */
sealed interface Verifier {

    /** Returns the algorithm's name in tokens (RFC 7518 section 3.1). */
    String algorithm();

    /** Returns whether the signature is that of the signed text. */
    boolean verifies(byte[] signed, byte[] signature);

    /** HMAC with SHA-256: the key that checks could also sign. */
    record Hs256(SecretKey key) implements Verifier {
        @Override
        public String algorithm() {
            return "HS256";
        }

        @Override
        public boolean verifies(byte[] signed, byte[] signature) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(key);
                // In constant time: how long it takes tells nothing about how much was right.
                return MessageDigest.isEqual(mac.doFinal(signed), signature);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("HmacSHA256 of this JDK", e);
            }
        }
    }

    /** RSASSA-PKCS1-v1_5 with SHA-256. */
    record Rs256(PublicKey key) implements Verifier {
        @Override
        public String algorithm() {
            return "RS256";
        }

        @Override
        public boolean verifies(byte[] signed, byte[] signature) {
            try {
                Signature rsa = Signature.getInstance("SHA256withRSA");
                rsa.initVerify(key);
                rsa.update(signed);
                return rsa.verify(signature);
            } catch (GeneralSecurityException e) {
                // A signature of the wrong length, say: it comes from the client.
                return false;
            }
        }
    }
}
