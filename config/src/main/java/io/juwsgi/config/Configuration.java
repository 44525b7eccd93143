package io.juwsgi.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /**
     * Returns what {@code uwsgi.opt} shows an application: for each key that occurs, placeholders of the user's own included, its last
     * value. Nothing stands for Python's {@code True}, which a bare option of the command line has; one in a file has an empty text.
     */
    public Map<String, Optional<String>> optionsOfUwsgi() {
        Map<String, Optional<String>> options = new LinkedHashMap<>();
        for (Assignment a : assignments) {
            boolean bare = a.value().isEmpty() && a.origin().equals(Origin.COMMAND_LINE);
            options.put(a.key(), bare ? Optional.empty() : Optional.of(a.value()));
        }
        return Collections.unmodifiableMap(options);
    }

    /** Copies the lists. */
    public Configuration {
        assignments = List.copyOf(assignments);
        warnings = List.copyOf(warnings);
        notices = List.copyOf(notices);
    }
}
