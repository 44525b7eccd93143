package io.juwsgi.cli.plugin;

import io.juwsgi.spi.Standing;
import java.util.List;

/**
 * A plugin as {@code juwsgi plugins} lists it.
 *
 * @param name its id
 * @param origin the module or jar that it came from
 * @param version its version, {@code unknown} when its manifest has none
 * @param spi the version of the SPI that it is made for
 * @param standing how finished it is, and whose requests it is made for
 * @param offers what it registered
 */
public record Found(String name, String origin, String version, String spi, Standing standing, List<Offer> offers) {}
