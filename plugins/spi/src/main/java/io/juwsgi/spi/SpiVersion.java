package io.juwsgi.spi;

/** Which SPI this is, and where the jar of a plugin names the one that it was built against. */
public final class SpiVersion {
    /** The version of this SPI: a plugin for another one is refused. */
    public static final String CURRENT = "1";

    /** The attribute of a plugin's manifest that names it; read before any class is loaded. */
    public static final String ATTRIBUTE = "Juwsgi-SPI-Version";

    private SpiVersion() {}
}
