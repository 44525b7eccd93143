/**
 * uWSGI's caches: named stores of keys and values that all workers share, and that applications, routes and clients of
 * this server reach. Start at {@link io.juwsgi.cache.named.NamedCache}.
 */
@NullMarked
package io.juwsgi.cache.named;

import org.jspecify.annotations.NullMarked;
