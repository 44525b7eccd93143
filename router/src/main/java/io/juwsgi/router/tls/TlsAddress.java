package io.juwsgi.router.tls;

import io.juwsgi.config.ConfigException;
import io.juwsgi.spi.tls.TlsIdentity;
import io.juwsgi.spi.tls.TlsIdentity.ClientCertificate;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The value of an option of a listener that speaks TLS.
 *
 * @param address where it listens, not parsed
 * @param identity what stands beside the address
 */
public record TlsAddress(String address, TlsIdentity identity) {
    private static final List<String> PARTS = List.of("addr", "cert", "key", "ciphers", "client_ca");

    /**
     * Reads {@code ADDRESS[,CERT,KEY[,CIPHERS[,CLIENTCA]]]}. A CLIENTCA that begins with an exclamation mark makes a client
     * certificate a condition.
     *
     * @throws ConfigException when parts are missing or too many
     */
    public static TlsAddress parse(String option, String text) {
        List<String> values = Arrays.asList(text.split(",", -1));
        if (values.size() > PARTS.size() || values.getFirst().isEmpty()) {
            throw wrong(option, text, "ADDRESS[,CERT,KEY[,CIPHERS[,CLIENTCA]]]");
        }
        Map<String, String> named = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
            named.put(PARTS.get(i), values.get(i));
        }
        return of(option, text, named);
    }

    /**
     * Reads {@code addr=ADDRESS,cert=FILE,key=FILE,ciphers=NAMES,client_ca=FILE}; {@code crt} is {@code cert}, and
     * {@code spdy} is forgiven.
     *
     * @throws ConfigException when a part has no name that is known, or the address is missing
     */
    public static TlsAddress parseNamed(String option, String text) {
        Map<String, String> named = new HashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            if (name.equals("crt")) {
                name = "cert";
            }
            if (equals < 0 || !(PARTS.contains(name) || name.equals("spdy"))) {
                throw wrong(option, text, "addr=ADDRESS,cert=FILE,key=FILE,ciphers=NAMES,client_ca=FILE");
            }
            named.put(name, part.substring(equals + 1));
        }
        if (!named.containsKey("addr")) {
            throw wrong(option, text, "addr=ADDRESS among the parts");
        }
        return of(option, text, named);
    }

    private static TlsAddress of(String option, String text, Map<String, String> named) {
        Optional<Path> certificate = file(named.get("cert"));
        Optional<Path> key = file(named.get("key"));
        if (certificate.isPresent() != key.isPresent()) {
            throw wrong(option, text, "both a certificate and a key, or none");
        }
        String authorities = named.getOrDefault("client_ca", "");
        boolean required = authorities.startsWith("!");
        Optional<Path> clientCa = file(required ? authorities.substring(1) : authorities);
        ClientCertificate wanted = required
                ? ClientCertificate.REQUIRED
                : clientCa.isPresent() ? ClientCertificate.OPTIONAL : ClientCertificate.NONE;
        Optional<String> ciphers = Optional.ofNullable(named.get("ciphers")).filter(c -> !c.isEmpty());
        return new TlsAddress(
                named.getOrDefault("addr", ""), new TlsIdentity(certificate, key, ciphers, clientCa, wanted));
    }

    private static Optional<Path> file(@Nullable String name) {
        return Optional.ofNullable(name).filter(n -> !n.isEmpty()).map(Path::of);
    }

    private static ConfigException wrong(String option, String text, String expected) {
        return new ConfigException("--" + option + " " + text + " (expected: " + expected + ")");
    }
}
