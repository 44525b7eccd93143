package io.juwsgi.plugin.cgi;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A script's process with all that it has started: it leads a group of its own. Thread-safe. */
final class ProcessGroup {
    private static final System.Logger LOG = System.getLogger(ProcessGroup.class.getName());

    private final Process leader;

    ProcessGroup(Process leader) {
        this.leader = leader;
    }

    /** Kills all of it; what is gone already stays so. */
    void kill() {
        // The leader itself is not enough, and a child of it may have lost its parent; the shell's kill reaches all.
        try {
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -s KILL -- -\"$0\"", Long.toString(leader.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kill.waitFor(10, TimeUnit.SECONDS);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the group of process {0}: {1}", leader.pid(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        leader.destroyForcibly();
    }
}
