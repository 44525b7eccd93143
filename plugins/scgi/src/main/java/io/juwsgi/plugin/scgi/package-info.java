/** SCGI for web servers in front that speak nothing better. Start at {@link io.juwsgi.plugin.scgi.ScgiFront}. */
package io.juwsgi.plugin.scgi;
