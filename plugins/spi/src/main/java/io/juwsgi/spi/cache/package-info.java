/** Where caches keep what does not fit into one server, or what several servers share. Start at {@link CacheStore}. */
@NullMarked
package io.juwsgi.spi.cache;

import org.jspecify.annotations.NullMarked;
