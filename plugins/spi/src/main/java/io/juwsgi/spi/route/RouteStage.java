package io.juwsgi.spi.route;

/** When a table of routes is looked at. */
public enum RouteStage {
    /** {@code route*}: when the request has come. */
    REQUEST,
    /** {@code error-route*}: when the response's status is known. */
    ERROR,
    /** {@code response-route*}: before the response's head goes out. */
    RESPONSE,
    /** {@code final-route*}: when the exchange has ended. */
    FINAL
}
