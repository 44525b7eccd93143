package io.juwsgi.spi.route;

import java.util.Collection;

/** The words that all plugins have registered, in order of registration. Complete when factories are called. */
public interface RouteWords {

    /** Returns the actions. */
    Collection<RouteWord<RouteAction>> actions();

    /** Returns the conditions. */
    Collection<RouteWord<RouteCondition>> conditions();

    /** Returns the variables. */
    Collection<RouteWord<RouteVariable>> variables();
}
