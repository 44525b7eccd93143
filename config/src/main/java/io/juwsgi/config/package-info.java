/**
 * Configuration: {@link io.juwsgi.config.OptionRegistry} knows every option, the readers turn sources into an ordered
 * list of {@link io.juwsgi.config.Setting}, and {@link io.juwsgi.config.Settings} answers typed questions about it.
 */
package io.juwsgi.config;
