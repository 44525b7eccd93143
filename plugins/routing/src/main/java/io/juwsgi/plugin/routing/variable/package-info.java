/** The variables of routes. Start at {@link io.juwsgi.plugin.routing.variable.Variables}. */
package io.juwsgi.plugin.routing.variable;
