/** Benches of internal routing. */
package io.juwsgi.plugin.routing;
