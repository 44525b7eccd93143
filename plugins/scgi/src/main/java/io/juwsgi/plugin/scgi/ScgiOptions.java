package io.juwsgi.plugin.scgi;

import io.juwsgi.config.Option;
import java.util.List;

/** The options of SCGI, by uWSGI's names. */
final class ScgiOptions {
    private static final String AREA = "socket";

    static final Option<List<String>> SOCKET = Option.list("scgi-socket")
            .placeholder("ADDRESS")
            .area(AREA)
            .doc("serve SCGI on ADDRESS: for nginx, Apache, lighttpd and others in front");
    static final Option<List<String>> NPH_SOCKET = Option.list("scgi-nph-socket")
            .placeholder("ADDRESS")
            .area(AREA)
            .doc("serve SCGI on ADDRESS, with answers that begin with an HTTP status line");
    static final Option<Integer> MODIFIER1 =
            Option.integer("scgi-modifier1", 0).area(AREA).doc("modifier1 of SCGI requests: which language answers");
    static final Option<Integer> MODIFIER2 =
            Option.integer("scgi-modifier2", 0).area(AREA).doc("modifier2 of SCGI requests: a detail for the language");

    private ScgiOptions() {}

    static List<Option<?>> all() {
        return List.of(SOCKET, NPH_SOCKET, MODIFIER1, MODIFIER2);
    }
}
