import org.jspecify.annotations.NullMarked;

/** CGI/1.1 scripts (RFC 3875) as a language of applications. */
@NullMarked
module io.juwsgi.plugin.cgi {
    requires io.juwsgi.spi;
    requires static transitive org.jspecify;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.plugin.cgi.CgiPlugin;
}
