package io.juwsgi.config;

import java.util.List;

/**
 * What the sources say, read and checked.
 *
 * @param request what the command line asks for
 * @param settings the options, typed
 * @param assignments everything in order of appearance, placeholders of the user's own included; values expanded
 * @param warnings lines for the user: each says where, what was found and what was probably meant
 * @param notices lines for the user that blame nothing: what {@code print} says, options that juwsgi does not act on
 */
public record Configuration(
        Request request, Settings settings, List<Assignment> assignments, List<String> warnings, List<String> notices) {

    /** What the command line asks for. */
    public enum Request {
        /** To run with these settings. */
        RUN,
        /** To print the help; nothing else was read. */
        HELP,
        /** To print the version; nothing else was read. */
        VERSION
    }

    /** Copies the lists. */
    public Configuration {
        assignments = List.copyOf(assignments);
        warnings = List.copyOf(warnings);
        notices = List.copyOf(notices);
    }
}
