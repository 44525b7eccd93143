import org.jspecify.annotations.NullMarked;

/** The option registry and the readers that turn every configuration source into settings. */
@NullMarked
module io.juwsgi.config {
    requires java.xml;
    requires org.snakeyaml.engine;
    requires tools.jackson.core;
    requires typesafe.config;
    requires static transitive org.jspecify;

    exports io.juwsgi.config;
    exports io.juwsgi.config.typed;
}
