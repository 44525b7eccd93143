/**
 * The cache plugin: a shared HTTP cache (RFC 9111). Start reading at {@link io.juwsgi.cache.HttpCache}, which decides what
 * happens to a request; {@link io.juwsgi.cache.Asking} asks the application, and {@link io.juwsgi.cache.Fetch} does with its answer what there is to do.
 */
package io.juwsgi.cache;
