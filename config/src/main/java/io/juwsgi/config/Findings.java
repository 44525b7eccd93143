package io.juwsgi.config;

import java.util.List;

/**
 * Everything there is to say about a configuration, each line with a position.
 *
 * @param errors what keeps the server from starting
 * @param warnings what looks wrong
 * @param notices what blames nothing: options that juwsgi does not act on
 */
public record Findings(List<String> errors, List<String> warnings, List<String> notices) {

    /** Copies the lists. */
    public Findings {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
        notices = List.copyOf(notices);
    }
}
