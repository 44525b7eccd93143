package io.juwsgi.processes.emperor;

import java.nio.file.Path;
import java.time.Instant;

/**
 * One vassal at one moment.
 *
 * @param file its configuration
 * @param state what it is doing
 * @param pid its process id, 0 while it does not run
 * @param started when this process was started
 * @param starts how many processes it has had
 * @param uid the user whose file it is
 * @param gid the group of the file
 */
public record VassalStatus(Path file, State state, long pid, Instant started, int starts, int uid, int gid) {

    /** What a vassal is doing. */
    public enum State {
        /** Its process was started. */
        STARTING,
        /** It serves. */
        READY,
        /** It has ended too soon too often, and will be started again after a pause. */
        BLACKLISTED,
        /** It was asked to end. */
        STOPPING,
        /** It has ended and is wanted no more. */
        OVER
    }
}
