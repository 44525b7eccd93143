package io.juwsgi.router.upstream;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import java.util.Locale;
import java.util.Optional;

/**
 * Which requests go to an upstream.
 *
 * @param path the path, with everything below it
 * @param host the Host, without port; {@code *.example.org} for all below a name; every host when empty
 * @param upstream the upstream's name
 */
@Doc("which requests go to an upstream")
record RouteSettings(@Default("/") String path, Optional<String> host, String upstream) {

    RouteSettings {
        host = host.map(name -> name.toLowerCase(Locale.ROOT));
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path: " + path + " (expected: beginning with a slash)");
        }
    }
}
