/** The actions of routes. Start at {@link io.juwsgi.plugin.routing.action.Actions}. */
package io.juwsgi.plugin.routing.action;
