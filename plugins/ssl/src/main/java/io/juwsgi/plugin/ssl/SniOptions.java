package io.juwsgi.plugin.ssl;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import io.juwsgi.spi.tls.TlsIdentity;
import io.juwsgi.spi.tls.TlsIdentity.ClientCertificate;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** uWSGI's options for several names on one address (RFC 6066 section 3). */
final class SniOptions {
    static final Option<List<String>> SNI = Option.list("sni")
            .placeholder("NAME CERT,KEY[,CIPHERS[,CLIENTCA]]")
            .area("tls")
            .doc("use another certificate for clients that ask for NAME (*.example.org: for one label more)");
    static final Option<Optional<String>> SNI_DIR = Option.text("sni-dir")
            .placeholder("DIRECTORY")
            .area("tls")
            .doc("use NAME.crt, NAME.key and NAME.ca of DIRECTORY for clients that ask for NAME");
    static final Option<Optional<String>> SNI_DIR_CIPHERS = Option.text("sni-dir-ciphers")
            .placeholder("NAMES")
            .area("tls")
            .doc("cipher suites for the names of sni-dir");

    private static final Pattern BLANK = Pattern.compile("\\s+");
    private static final Pattern COMMA = Pattern.compile(",");

    private SniOptions() {}

    static List<Option<?>> all() {
        return List.of(SNI, SNI_DIR, SNI_DIR_CIPHERS);
    }

    /**
     * Returns who the server is for each name.
     *
     * @throws ConfigException when a value has another form
     */
    static Map<String, TlsIdentity> names(Settings settings) {
        Map<String, TlsIdentity> names = new TreeMap<>();
        for (String text : settings.get(SNI)) {
            String[] words = BLANK.split(text.strip(), -1);
            String[] files = words.length == 2 ? COMMA.split(words[1], -1) : new String[0];
            if (files.length < 2 || files.length > 4 || files[0].isEmpty() || files[1].isEmpty()) {
                throw new ConfigException("--sni " + text + " (expected: NAME CERT,KEY[,CIPHERS[,CLIENTCA]])");
            }
            names.put(
                    words[0].toLowerCase(Locale.ROOT),
                    identity(
                            Path.of(files[0]),
                            Path.of(files[1]),
                            files.length > 2 && !files[2].isEmpty() ? Optional.of(files[2]) : Optional.empty(),
                            files.length > 3 ? files[3] : ""));
        }
        return names;
    }

    /** Returns the identity with these files; a {@code clientCa} that begins with {@code !} is a condition. */
    static TlsIdentity identity(Path certificate, Path key, Optional<String> ciphers, String clientCa) {
        boolean required = clientCa.startsWith("!");
        String file = required ? clientCa.substring(1) : clientCa;
        ClientCertificate wanted = required
                ? ClientCertificate.REQUIRED
                : file.isEmpty() ? ClientCertificate.NONE : ClientCertificate.OPTIONAL;
        return new TlsIdentity(
                Optional.of(certificate),
                Optional.of(key),
                ciphers,
                file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file)),
                wanted);
    }
}
