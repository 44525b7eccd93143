package io.juwsgi.plugin.compress;

import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import org.jspecify.annotations.Nullable;

/** Decides whether and how a response is compressed. Thread-safe. */
interface Choice {

    /**
     * Looks at a response's head, and changes of it what changes in any case.
     *
     * @return null when the response stays as it is
     */
    @Nullable
    Coding of(Request request, Response head);

    /** Returns below which size a response stays as it is after all. */
    long minSize();
}
