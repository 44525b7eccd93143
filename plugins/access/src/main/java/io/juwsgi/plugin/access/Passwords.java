package io.juwsgi.plugin.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.apache.commons.codec.digest.Crypt;
import org.apache.commons.codec.digest.Md5Crypt;
import org.mindrot.jbcrypt.BCrypt;

/** The forms in which htpasswd writes passwords. Checking one may take a tenth of a second: that is what they are for. */
final class Passwords {
    private static final String SHA = "{SHA}";
    private static final String APACHE = "$apr1$";
    /** A cost above this would take minutes: 2 to the 16th rounds take some seconds. */
    private static final int MAX_COST = 16;

    private Passwords() {}

    /** Returns whether a hash is of a form that can be checked. */
    static boolean isKnown(String hash) {
        return hash.startsWith(SHA) || hash.startsWith(APACHE) || isBcrypt(hash) || isCrypt(hash);
    }

    private static boolean isBcrypt(String hash) {
        return hash.matches("\\$2[aby]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}")
                && Integer.parseInt(hash.substring(4, 6)) <= MAX_COST;
    }

    /** Returns whether it is one of crypt(3) with MD5, SHA-256 or SHA-512; the old one with DES cuts passwords at 8 letters. */
    private static boolean isCrypt(String hash) {
        return hash.matches("\\$[156]\\$(rounds=[0-9]{1,6}\\$)?[./A-Za-z0-9]{1,16}\\$[./A-Za-z0-9]+");
    }

    /** Returns whether a password has this hash; false for a hash that is not known. Takes the same time for all wrong ones. */
    static boolean match(String hash, String password) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        if (hash.startsWith(SHA)) {
            return same(SHA + Base64.getEncoder().encodeToString(sha1(bytes)), hash);
        }
        if (hash.startsWith(APACHE)) {
            return same(Md5Crypt.apr1Crypt(bytes, hash), hash);
        }
        if (isBcrypt(hash)) {
            // 2y and 2b are what 2a is here: without the faults that their letters tell from.
            String salt = "$2a$" + hash.substring(4);
            return same(BCrypt.hashpw(password, salt).substring(4), hash.substring(4));
        }
        return isCrypt(hash) && same(Crypt.crypt(bytes, hash), hash);
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.ISO_8859_1), other.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] sha1(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("no SHA-1", e);
        }
    }
}
