/**
 * Protocol fronts of plugins: between an event loop, which owns the connection and its exchanges, and the virtual threads that
 * the plugin blocks on. Start at {@link io.juwsgi.router.front.PluggedConnection}.
 */
package io.juwsgi.router.front;
