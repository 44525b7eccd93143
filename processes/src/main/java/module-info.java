import org.jspecify.annotations.NullMarked;

/** Child processes: how each of them is run, and those that are not of the application. */
@NullMarked
module io.juwsgi.processes {
    requires transitive io.juwsgi.spi;
    requires jdk.unsupported;
    requires org.jnrproject.unixsocket;
    requires static transitive org.jspecify;

    exports io.juwsgi.processes;
    exports io.juwsgi.processes.cron;
    exports io.juwsgi.processes.daemon;
    exports io.juwsgi.processes.emperor;
}
