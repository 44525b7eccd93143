import io.juwsgi.cli.log.SinkLoggerFinder;
import org.jspecify.annotations.NullMarked;

/** The program. */
@NullMarked
module io.juwsgi.cli {
    requires io.juwsgi.config;
    requires io.juwsgi.master;
    requires io.juwsgi.processes;
    requires io.juwsgi.router;
    requires java.management;
    requires jdk.net;
    requires org.jnrproject.unixsocket;
    requires tools.jackson.core;
    requires static transitive org.jspecify;

    uses io.juwsgi.spi.Plugin;

    provides System.LoggerFinder with
            SinkLoggerFinder;
}
