package io.juwsgi.config;

/** A limit on the whole of a configuration is passed: nothing more is read, and this is the last thing that is said of it. */
final class TooMuchException extends ConfigException {
    private static final long serialVersionUID = 1;

    TooMuchException(Origin origin, String message) {
        super(origin + ": " + message);
    }
}
