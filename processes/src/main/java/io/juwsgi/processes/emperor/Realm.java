package io.juwsgi.processes.emperor;

import io.juwsgi.processes.Surroundings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What all vassals share.
 *
 * @param plan what the settings ask for
 * @param surroundings the log and the loop
 * @param launcher the program that a vassal is, with its first arguments
 * @param sockets a private directory for the sockets by which vassals tell how they are
 * @param mercy what a vassal gets to stop before it is told to hurry
 * @param haste what it gets then before it is killed
 */
record Realm(
        EmperorPlan plan,
        Surroundings surroundings,
        List<String> launcher,
        Path sockets,
        Duration mercy,
        Duration haste) {

    /** Longer than a server waits for its requests at the most usual. */
    static final Duration MERCY = Duration.ofSeconds(65);

    static final Duration HASTE = Duration.ofSeconds(8);

    void say(VassalFile file, String what) {
        surroundings.log().line("[emperor] vassal " + file.name() + " " + what);
    }
}
