package io.juwsgi.plugin.access;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import java.nio.file.Path;
import java.util.List;

/**
 * Who has to give a password.
 *
 * @param file users and passwords, as htpasswd writes them
 * @param realm what browsers show
 * @param paths where; empty for everywhere
 */
@Doc("ask for a user and password of an htpasswd file")
record BasicAuthSettings(
        @Doc("the file of users, as htpasswd writes it: bcrypt, crypt, Apache's MD5 or SHA-1; it may change at any"
                + " time")
        Path file,

        @Default("Restricted") @Doc("what browsers show their users")
        String realm,

        @Doc("ask below this path alone, not everywhere") List<String> paths) {

    BasicAuthSettings {
        if (!realm.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"' && c != '\\')) {
            throw new IllegalArgumentException("realm: " + realm + " (expected: printable ASCII without quotes)");
        }
        var _ = Paths.of("paths", paths);
    }
}
