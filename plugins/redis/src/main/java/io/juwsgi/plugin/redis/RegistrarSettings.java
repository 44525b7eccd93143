package io.juwsgi.plugin.redis;

import io.juwsgi.config.typed.Doc;

/** No settings of its own: {@link RegistryOptions} has them. */
@Doc("register this server in Redis")
record RegistrarSettings() {}
