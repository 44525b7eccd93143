/** The access plugin. {@link io.juwsgi.plugin.access.AccessPlugin} names its two filters. */
package io.juwsgi.plugin.access;
