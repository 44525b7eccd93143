import org.jspecify.annotations.NullMarked;

/** Python applications: WSGI in worker processes. */
@NullMarked
module io.juwsgi.plugin.python {
    requires io.juwsgi.spi;
    requires static transitive org.jspecify;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.plugin.python.PythonPlugin;
}
