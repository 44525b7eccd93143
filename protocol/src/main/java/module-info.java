import org.jspecify.annotations.NullMarked;

/** Wire formats without policy: the uwsgi packet, the worker link's frames, CPython's marshal, FastCGI, the PROXY protocol, subscriptions. */
@NullMarked
module io.juwsgi.protocol {
    requires static transitive org.jspecify;

    exports io.juwsgi.protocol.fastcgi;
    exports io.juwsgi.protocol.link;
    exports io.juwsgi.protocol.marshal;
    exports io.juwsgi.protocol.proxy;
    exports io.juwsgi.protocol.subscription;
    exports io.juwsgi.protocol.uwsgi;
}
