package io.juwsgi.plugin.routing.action;

import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteWord;
import java.util.ArrayList;
import java.util.List;

/** All actions, by uWSGI's names. */
public final class Actions {
    private Actions() {}

    /** Returns all of them, in the order of the documentation. */
    public static List<RouteWord<RouteAction>> all() {
        List<RouteWord<RouteAction>> all = new ArrayList<>();
        all.addAll(Flow.words());
        all.addAll(Answers.words());
        all.addAll(RequestActions.words());
        all.addAll(UpstreamActions.words());
        all.addAll(Rewrite.words());
        all.addAll(Arithmetic.words());
        all.addAll(ResponseActions.words());
        all.addAll(FileActions.words());
        all.addAll(BasicAuth.words());
        all.addAll(Logging.words());
        all.addAll(Transformations.words());
        return all;
    }
}
