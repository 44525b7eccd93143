/**
 * Redis as a store of caches. Start at {@link io.juwsgi.plugin.redis.RedisStore}; {@link io.juwsgi.plugin.redis.RedisLink} keeps the
 * connections.
 */
package io.juwsgi.plugin.redis;
