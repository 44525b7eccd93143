import org.jspecify.annotations.NullMarked;

/** Where log lines go beyond files, and how they look: syslog, sockets, the journal; prefixes, formats, JSON. */
@NullMarked
module io.juwsgi.plugin.logs {
    requires io.juwsgi.spi;
    requires org.jnrproject.unixsocket;
    requires static transitive org.jspecify;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.plugin.logs.LogsPlugin;
}
