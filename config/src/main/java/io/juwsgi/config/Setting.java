package io.juwsgi.config;

/**
 * One option with one value, as it was written somewhere.
 *
 * @param option the option
 * @param value the text, empty for a flag without one
 * @param origin where it was written
 */
public record Setting(Option<?> option, String value, Origin origin) {}
