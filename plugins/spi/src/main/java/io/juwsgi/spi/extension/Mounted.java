package io.juwsgi.spi.extension;

/** Settings of a handler: they say where it is mounted. A record with a component {@code mount} implements it as it is. */
public interface Mounted {

    /**
     * Returns the path that the handler answers, with everything below it: {@code /status} is {@code /status} and
     * {@code /status/x}, not {@code /statuses}; {@code /} is every path. The longest mount point wins.
     */
    String mount();
}
