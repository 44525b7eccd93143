/**
 * Internal routing: tables of routes, compiled once from the configuration and looked at for each exchange. Start at {@link
 * io.juwsgi.plugin.routing.RoutingFilter}.
 */
package io.juwsgi.plugin.routing;
