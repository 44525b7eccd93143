package com.example.jwt;

import io.juwsgi.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import javax.crypto.spec.SecretKeySpec;

/** Reads keys from files. Messages name the file, never what is in it. */
final class Keys {
    /** RFC 7518 section 3.2: no shorter than the hash. */
    private static final int LEAST_SECRET = 32;

    /** RFC 7518 section 3.3, in bits. */
    private static final int LEAST_MODULUS = 2048;

    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";

    private Keys() {}

    /**
     * Returns the verifier for a key file.
     *
     * @throws ConfigException when the file is no key for the algorithm
     */
    static Verifier read(Algorithm algorithm, Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return switch (algorithm) {
                case HS256 -> new Verifier.Hs256(new SecretKeySpec(secret(file, bytes), "HmacSHA256"));
                case RS256 -> new Verifier.Rs256(publicKey(file, bytes));
            };
        } catch (IOException e) {
            throw new ConfigException("the key " + file + " cannot be read: " + e.getMessage());
        }
    }

    private static byte[] secret(Path file, byte[] bytes) {
        if (new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN ")) {
            throw new ConfigException("the key " + file + " is a PEM file (expected: for HS256, a secret)");
        }
        if (bytes.length < LEAST_SECRET) {
            throw new ConfigException(
                    "the key " + file + " has " + bytes.length + " bytes (expected: at least " + LEAST_SECRET + ")");
        }
        return bytes;
    }

    private static PublicKey publicKey(Path file, byte[] bytes) {
        String pem = new String(bytes, StandardCharsets.ISO_8859_1);
        int begin = pem.indexOf(BEGIN);
        int end = pem.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new ConfigException("the key " + file + " is no PEM file (expected: " + BEGIN + ")");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
            PublicKey key = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
            if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < LEAST_MODULUS) {
                throw new ConfigException("the key " + file + " has "
                        + rsa.getModulus().bitLength() + " bits (expected: at least " + LEAST_MODULUS + ")");
            }
            return key;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new ConfigException("the key " + file + " is no RSA public key: " + e.getMessage());
        }
    }
}
