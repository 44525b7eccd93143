package io.juwsgi.router.uwsgi;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Variables that make uWSGI load code or files at the wish of whoever can reach its socket. They are dropped, and so is
 * HTTP_PROXY, which would redirect the requests that an application makes itself (httpoxy).
 */
public final class ControlVariables {
    private static final System.Logger LOG = System.getLogger(ControlVariables.class.getName());
    private static final AtomicBoolean WARNED = new AtomicBoolean();
    private static final Set<String> REFUSED = Set.of(
            "UWSGI_FILE",
            "UWSGI_MODULE",
            "UWSGI_SCRIPT",
            "UWSGI_PYHOME",
            "UWSGI_HOME",
            "UWSGI_CHDIR",
            "UWSGI_SETENV",
            "UWSGI_CALLABLE",
            "UWSGI_POSTFILE",
            "UWSGI_TOUCH_RELOAD",
            "UWSGI_CACHE_GET");

    private ControlVariables() {}

    /** Returns whether a variable of this name is not handed on. */
    public static boolean drops(String name) {
        if (name.startsWith("UWSGI_") && REFUSED.contains(name)) {
            if (WARNED.compareAndSet(false, true)) {
                LOG.log(Level.WARNING, "{0} and its like are ignored when they come with a request", name);
            }
            return true;
        }
        return name.equals("HTTP_PROXY");
    }
}
