package io.juwsgi.router.proxy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the proxies on the way said, the nearest one last.
 *
 * @param clients whom each of them spoke for, as it stands in the field
 * @param scheme {@code http}, {@code https} or null
 * @param host what the client asked for, or null
 * @param port the port that the client was connected to, or null
 */
record Hops(
        List<String> clients,
        @Nullable String scheme,
        @Nullable String host,
        @Nullable String port) {
    static final Hops NONE = new Hops(List.of(), null, null, null);
}
