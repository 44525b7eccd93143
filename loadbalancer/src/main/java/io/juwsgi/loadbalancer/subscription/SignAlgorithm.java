package io.juwsgi.loadbalancer.subscription;

import io.juwsgi.config.ConfigException;
import java.util.Locale;

/** OpenSSL's names of digests, as uWSGI's options have them. */
final class SignAlgorithm {
    private SignAlgorithm() {}

    /** Returns what the JDK calls an RSA signature over such a digest. */
    static String of(String name) {
        return switch (name.toUpperCase(Locale.ROOT).replace("-", "")) {
            case "SHA1" -> "SHA1withRSA";
            case "SHA224" -> "SHA224withRSA";
            case "SHA256" -> "SHA256withRSA";
            case "SHA384" -> "SHA384withRSA";
            case "SHA512" -> "SHA512withRSA";
            default ->
                throw new ConfigException("signature: " + name + " (expected: SHA1, SHA224, SHA256, SHA384 or SHA512)");
        };
    }
}
