package io.juwsgi.router.exchange;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** A certificate's subject on one line, as OpenSSL's {@code X509_NAME_oneline} and with it uWSGI write it. */
final class SubjectName {
    private static final Map<String, String> EMAIL = Map.of("1.2.840.113549.1.9.1", "emailAddress");

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private SubjectName() {}

    /**
     * Returns {@code /C=SE/O=Example/CN=name}. A slash or backslash in a value gets a backslash before it and a byte that
     * is not printable ASCII is {@code \xNN}, so that no value looks like another component.
     */
    static String oneLine(X500Principal subject) {
        try {
            StringBuilder line = new StringBuilder();
            // The last part first is how the name stands in the certificate.
            List<Rdn> parts = new LdapName(subject.getName(X500Principal.RFC2253, EMAIL)).getRdns();
            for (Rdn part : parts) {
                line.append('/').append(part.getType()).append('=');
                value(part.getValue(), line);
            }
            return line.toString();
        } catch (InvalidNameException e) {
            throw new IllegalStateException("a certificate's name is none: " + subject, e);
        }
    }

    private static void value(Object value, StringBuilder line) {
        byte[] bytes = value instanceof byte[] raw ? raw : value.toString().getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            if (b < ' ' || b == 127) {
                line.append("\\x").append(HEX.toHexDigits(b));
            } else if (b == '/' || b == '\\') {
                line.append('\\').append((char) b);
            } else {
                line.append((char) b);
            }
        }
    }
}
