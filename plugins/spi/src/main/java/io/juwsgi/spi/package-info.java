/**
 * The plugin service-provider interface.
 *
 * <p>{@link io.juwsgi.spi.Plugin} is the one type that is discovered; it registers everything else with
 * {@link io.juwsgi.spi.Extensions}.
 */
package io.juwsgi.spi;
