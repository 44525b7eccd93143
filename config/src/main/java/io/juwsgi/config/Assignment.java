package io.juwsgi.config;

/**
 * A key with a value as a source gave it, an option's or any other: unknown keys are placeholders that values refer to.
 *
 * @param key the key, without dashes
 * @param value the text, empty where none was given
 * @param origin where it was written
 */
public record Assignment(String key, String value, Origin origin) {}
