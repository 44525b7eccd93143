/**
 * Internal routing as plugins extend it: actions, conditions and variables, each registered under its words. Start at
 * {@link io.juwsgi.spi.route.RouteAction}.
 */
package io.juwsgi.spi.route;
