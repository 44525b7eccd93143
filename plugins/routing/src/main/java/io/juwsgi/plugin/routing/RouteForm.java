package io.juwsgi.plugin.routing;

/** How a route's value reads, and so when the route applies. Immutable. */
sealed interface RouteForm {

    /** A pattern for one part of the request. */
    record Matching(Subject subject) implements RouteForm {}

    /** The response's status. */
    record OfStatus() implements RouteForm {}

    /** A condition that holds, or does not. */
    record If(boolean holds) implements RouteForm {}

    /** No test at all. */
    record Always() implements RouteForm {}

    /** No route, but a place among them. */
    record Label() implements RouteForm {}
}
