package io.juwsgi.cache.named;

import io.juwsgi.config.typed.Doc;

/** Nothing of their own: the option {@code check-cache} says it. */
@Doc("answer from a named cache, as check-cache says, which turns it on by itself")
public record CheckCacheSettings() {}
