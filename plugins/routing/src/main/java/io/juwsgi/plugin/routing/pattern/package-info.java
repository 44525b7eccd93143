/** Regular expressions that end, whatever a client sends. Start at {@link io.juwsgi.plugin.routing.pattern.Patterns}. */
package io.juwsgi.plugin.routing.pattern;
