package io.juwsgi.cli.plugin;

/**
 * A component, as something that it is beside its own type.
 *
 * @param id the id of its extension
 */
public record Offering<T>(String id, T component) {}
