package io.juwsgi.spi;

import java.util.List;
import java.util.Map;

/**
 * A component that an operator may ask things of, by {@code juwsgi ctl NAME ARGUMENTS}. What a factory makes implements it
 * beside its own type; the server asks the components of the current configuration.
 */
public interface Controllable {

    /** Returns the name of the command: lower-case letters, digits and dashes, such as {@code cache}. */
    String controlName();

    /** Returns what may follow the name and what it does, in one line, such as {@code stats | purge PATH: the cache}. */
    String controlUsage();

    /**
     * Carries out a command. Called on a virtual thread, by several clients at once; it may block for some seconds.
     *
     * @param arguments what follows the name, at most 64
     * @return the answer, in the order in which it is shown: strings, numbers, booleans, and lists and maps (with strings
     *     as keys) of them
     * @throws IllegalArgumentException when the arguments are wrong; the message is one line for the operator
     * @throws Exception when it failed; the message is one line for the operator
     */
    Map<String, ?> control(List<String> arguments) throws Exception;
}
