import org.jspecify.annotations.NullMarked;

/** The process plane. */
@NullMarked
module io.juwsgi.master {
    requires transitive io.juwsgi.spi;
    requires io.juwsgi.processes;
    requires static transitive org.jspecify;

    exports io.juwsgi.master;
}
