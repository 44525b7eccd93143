package io.juwsgi.config;

import java.util.List;

/**
 * What one section of a file holds, before magic variables and placeholders are replaced.
 *
 * @param assignments its keys and values, in order
 * @param warnings what is odd about the file, each line with a position
 * @param sections the sections that there are, for the message that the one asked for is missing
 * @param present whether the section that was asked for is there
 */
record Parsed(List<Assignment> assignments, List<String> warnings, List<String> sections, boolean present) {

    /** The names that stand for the usual section. */
    static boolean wanted(String section, String asked) {
        return asked.isEmpty() ? section.equals("uwsgi") || section.equals("juwsgi") : section.equals(asked);
    }
}
