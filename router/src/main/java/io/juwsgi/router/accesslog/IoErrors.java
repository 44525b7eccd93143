package io.juwsgi.router.accesslog;

import io.juwsgi.router.exchange.ServerExchange;

/** Whether a client's connection broke, as far as an exchange knows. */
final class IoErrors {
    /** The status of an exchange whose client left before anything was written. */
    private static final int CLIENT_LEFT = 499;

    private IoErrors() {}

    static boolean any(ServerExchange exchange) {
        return "client-gone".equals(exchange.account().why());
    }

    /** It broke before the response had begun. */
    static boolean reading(ServerExchange exchange) {
        return any(exchange) && exchange.status() == CLIENT_LEFT;
    }

    /** It broke while the response was written. */
    static boolean writing(ServerExchange exchange) {
        return any(exchange) && exchange.status() != CLIENT_LEFT;
    }
}
