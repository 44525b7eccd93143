package com.example.jwt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks tokens: JSON Web Signature in compact form (RFC 7515 section 7.1) with the claims of RFC 7519. Thread-safe. */
record Checker(
        Verifier verifier, Optional<String> issuer, Optional<String> audience, Duration leeway, InstantSource clock) {
    private static final int LONGEST = 16_384;
    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]{1,256}");

    /**
     * Returns the subject of a token that is valid now; empty when it names none.
     *
     * @throws InvalidTokenException when it lets nobody in
     */
    String subject(String token) throws InvalidTokenException {
        if (token.length() > LONGEST) {
            throw new InvalidTokenException("the token is too long");
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw new InvalidTokenException("the token has not three parts");
        }
        Map<String, Object> header = Json.object(decoded(parts[0]));
        if (!verifier.algorithm().equals(header.get("alg")) || header.containsKey("crit")) {
            throw new InvalidTokenException("the token's algorithm is not the one that is expected");
        }
        byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
        if (!verifier.verifies(signed, decoded(parts[2]))) {
            throw new InvalidTokenException("the token's signature is wrong");
        }
        // Only now is it the signer's word.
        return checked(Json.object(decoded(parts[1])));
    }

    private static byte[] decoded(String part) throws InvalidTokenException {
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            throw new InvalidTokenException("the token is not in base64url");
        }
    }

    private String checked(Map<String, Object> claims) throws InvalidTokenException {
        double now = clock.millis() / 1000.0;
        double slack = leeway.toMillis() / 1000.0;
        if (!(claims.get("exp") instanceof Double until)) {
            throw new InvalidTokenException("the token does not say when it expires");
        }
        if (now >= until + slack) {
            throw new InvalidTokenException("the token has expired");
        }
        if (claims.containsKey("nbf") && !(claims.get("nbf") instanceof Double from && now >= from - slack)) {
            throw new InvalidTokenException("the token is not valid yet");
        }
        if (issuer.isPresent() && !issuer.get().equals(claims.get("iss"))) {
            throw new InvalidTokenException("the token's issuer is another one");
        }
        if (audience.isPresent() && !isFor(audience.get(), claims.get("aud"))) {
            throw new InvalidTokenException("the token is for another audience");
        }
        Object subject = claims.getOrDefault("sub", "");
        if (!(subject instanceof String name)
                || (!name.isEmpty() && !PRINTABLE.matcher(name).matches())) {
            throw new InvalidTokenException("the token's subject is not a short printable name");
        }
        return name;
    }

    private static boolean isFor(String wanted, @Nullable Object audience) {
        return wanted.equals(audience) || (audience instanceof List<?> several && several.contains(wanted));
    }
}
