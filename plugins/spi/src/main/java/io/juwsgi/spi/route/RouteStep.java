package io.juwsgi.spi.route;

/** How an exchange goes on after an action. Immutable. */
public sealed interface RouteStep {

    /** The next route is looked at. */
    RouteStep NEXT = new Next();

    /** No further route of this table is looked at: the exchange goes on to the application. */
    RouteStep CONTINUE = new Continue();

    /**
     * The exchange ends here, with the response that was begun by {@link RouteExchange#begin}; without one the client is
     * refused.
     */
    RouteStep BREAK = new Break();

    /** See {@link #NEXT}. */
    record Next() implements RouteStep {}

    /** See {@link #CONTINUE}. */
    record Continue() implements RouteStep {}

    /** See {@link #BREAK}. */
    record Break() implements RouteStep {}

    /** The next route is the one behind a label, which stands further down in the same table. */
    record Goto(String label) implements RouteStep {}
}
