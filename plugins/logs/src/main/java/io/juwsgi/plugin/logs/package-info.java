/** Loggers and log encoders. Start at {@link io.juwsgi.plugin.logs.LogsPlugin}. */
package io.juwsgi.plugin.logs;
