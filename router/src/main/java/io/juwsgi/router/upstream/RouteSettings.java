package io.juwsgi.router.upstream;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import io.juwsgi.spi.http.RequestScope;
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
        var _ = new RequestScope(host.orElse(""), path);
    }
}
