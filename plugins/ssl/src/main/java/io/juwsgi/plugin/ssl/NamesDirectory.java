package io.juwsgi.plugin.ssl;

import io.juwsgi.plugin.ssl.Identity.IdentityException;
import io.juwsgi.spi.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The directory of {@code sni-dir}. It is listed; a name that a client sends is only ever looked up in that list.
 *
 * @param directory where {@code NAME.crt}, {@code NAME.key} and, for client certificates, {@code NAME.ca} are
 * @param ciphers cipher suites for all of its names
 */
record NamesDirectory(Path directory, Optional<String> ciphers) {
    private static final String CERTIFICATE = ".crt";

    /** Returns who the server is for each name that has a certificate and a key. */
    Map<String, TlsIdentity> names() throws IdentityException {
        Map<String, TlsIdentity> names = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + CERTIFICATE)) {
            for (Path certificate : files) {
                String file = certificate.getFileName().toString();
                String name = file.substring(0, file.length() - CERTIFICATE.length());
                Path key = directory.resolve(name + ".key");
                Path authorities = directory.resolve(name + ".ca");
                if (Files.exists(key)) {
                    String clientCa = Files.exists(authorities) ? authorities.toString() : "";
                    names.put(name.toLowerCase(Locale.ROOT), SniOptions.identity(certificate, key, ciphers, clientCa));
                }
            }
            return names;
        } catch (IOException e) {
            throw new IdentityException(directory, "cannot be listed");
        }
    }
}
