package io.juwsgi.config;

import java.util.List;
import java.util.Optional;

/**
 * An option that is known by name, whether anything acts on it or not.
 *
 * @param option its names, argument and description
 * @param state whether anything acts on it
 * @param branch the line of uWSGI that has it: {@code 2.0}, {@code 2.1}, or {@code juwsgi} when none has
 * @param reason why it has no meaning; empty in the other states
 */
public record KnownOption(Option<?> option, State state, String branch, String reason) {

    /** Whether anything acts on an option. */
    public enum State {
        /** Something does. */
        ACTIVE,
        /** What it asks for is always so. */
        ALWAYS,
        /** Nothing does yet. */
        LATER,
        /** Nothing ever will: what it is for does not exist here. */
        MEANINGLESS
    }

    /** Returns what to tell a user who sets the option, or nothing when all is as the user wants it. */
    Optional<String> notice(Setting setting) {
        boolean off = option.kind() == Option.Kind.FLAG && !Values.flag(List.of(setting));
        return switch (state) {
            case ACTIVE -> Optional.empty();
            case ALWAYS -> off ? Optional.of(option.name() + " is always on in juwsgi") : Optional.empty();
            case LATER ->
                off ? Optional.empty() : Optional.of(option.name() + " is known, but juwsgi does not act on it yet");
            case MEANINGLESS ->
                off ? Optional.empty() : Optional.of(option.name() + " has no meaning in juwsgi: " + reason);
        };
    }
}
