package io.juwsgi.cache.named;

import io.juwsgi.config.typed.Doc;

/** Nothing of their own: uWSGI's options describe the caches. */
@Doc("the named caches of cache2, which turns them on by itself")
public record NamedCachesSettings() {}
