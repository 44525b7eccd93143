package io.juwsgi.config;

/** The configuration is wrong. The message is for the user: where, what was found, what was expected. */
public sealed class ConfigException extends RuntimeException permits TooMuchException {
    private static final long serialVersionUID = 1;

    /** Makes an exception with a message of one line for each mistake. */
    public ConfigException(String message) {
        super(message);
    }
}
