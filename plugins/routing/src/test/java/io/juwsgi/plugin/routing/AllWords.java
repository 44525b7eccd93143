package io.juwsgi.plugin.routing;

import io.juwsgi.plugin.routing.action.Actions;
import io.juwsgi.plugin.routing.condition.Conditions;
import io.juwsgi.plugin.routing.variable.Variables;
import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteCondition;
import io.juwsgi.spi.route.RouteVariable;
import io.juwsgi.spi.route.RouteWord;
import io.juwsgi.spi.route.RouteWords;
import java.util.List;

/** The words of this plugin alone. */
record AllWords() implements RouteWords {
    @Override
    public List<RouteWord<RouteAction>> actions() {
        return Actions.all();
    }

    @Override
    public List<RouteWord<RouteCondition>> conditions() {
        return Conditions.all();
    }

    @Override
    public List<RouteWord<RouteVariable>> variables() {
        return Variables.all();
    }
}
