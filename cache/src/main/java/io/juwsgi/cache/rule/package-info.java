/**
 * The rules of HTTP caching, each a function of header fields and a clock (RFC 9111, 9110, 5861, 8246, 9213). Start at
 * {@link io.juwsgi.cache.rule.StoragePolicy} for what is stored, and at {@link io.juwsgi.cache.rule.Freshness} for how long
 * it is used.
 */
package io.juwsgi.cache.rule;
