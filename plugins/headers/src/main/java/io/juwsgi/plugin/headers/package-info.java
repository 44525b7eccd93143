/** The headers plugin. {@link io.juwsgi.plugin.headers.HeadersPlugin} names its two filters. */
package io.juwsgi.plugin.headers;
