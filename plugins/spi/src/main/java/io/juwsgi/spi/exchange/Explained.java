package io.juwsgi.spi.exchange;

import java.util.List;

/** A filter that can tell what it does, for {@code juwsgi routes}. Called on the main thread; the filter is not started. */
public interface Explained {

    /** Returns what the filter is set to do, a line each; may be empty. */
    List<String> explain();

    /** Returns what the filter would do with a request, a line each. Nothing is done, and nothing sent. */
    List<String> explain(Request request);
}
