import org.jspecify.annotations.NullMarked;

/** Internal routing: uWSGI's route options, actions, conditions and variables. */
@NullMarked
module io.juwsgi.plugin.routing {
    requires io.juwsgi.spi;
    requires re2j;
    requires static transitive org.jspecify;

    // The record of settings.
    opens io.juwsgi.plugin.routing to
            io.juwsgi.config;

    provides io.juwsgi.spi.Plugin with
            io.juwsgi.plugin.routing.RoutingPlugin;
}
