package io.juwsgi.router.exchange;

/**
 * The handler numbers that the requests of an HTTP listener have.
 *
 * @param first modifier1, 0 to 255
 * @param second modifier2, 0 to 255
 */
public record Modifiers(int first, int second) {
    /** Those of the application. */
    public static final Modifiers NONE = new Modifiers(0, 0);
}
