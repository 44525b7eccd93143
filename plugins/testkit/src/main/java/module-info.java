import org.jspecify.annotations.NullMarked;

/** What the author of a plugin tests with: start reading at {@link io.juwsgi.testkit.TestChain}. */
@NullMarked
module io.juwsgi.testkit {
    requires java.net.http;
    requires transitive io.juwsgi.spi;
    requires transitive org.junit.jupiter.api;
    requires static transitive org.jspecify;

    exports io.juwsgi.testkit;
    exports io.juwsgi.testkit.contract;
}
