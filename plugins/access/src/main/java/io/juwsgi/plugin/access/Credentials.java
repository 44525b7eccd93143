package io.juwsgi.plugin.access;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A user and password as an Authorization field has them (RFC 7617). Fuzz target: CredentialsFuzzTest. */
record Credentials(String user, String password) {
    private static final int MAX_LENGTH = 2048;
    private static final String SCHEME = "Basic ";

    /** Reads a field's value; null when it has none, or has them in another form. */
    static @Nullable Credentials parse(@Nullable String field) {
        if (field == null || field.length() > MAX_LENGTH || !field.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(field.substring(SCHEME.length()).strip());
            String text = new String(decoded, StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            boolean plain = text.chars().noneMatch(c -> c < ' ' || c == 0x7f);
            return colon < 1 || !plain ? null : new Credentials(text.substring(0, colon), text.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Never shows the password. */
    @Override
    public String toString() {
        return "credentials of " + user;
    }
}
