/** The conditions of routes. Start at {@link io.juwsgi.plugin.routing.condition.Conditions}. */
package io.juwsgi.plugin.routing.condition;
