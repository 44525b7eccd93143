package io.juwsgi.master;

import io.juwsgi.processes.OutputPump;
import io.juwsgi.spi.LogSink;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The pipes that workers print into, one for each, so that the log knows whose line it is. The zygote makes them; this side
 * opens their reading ends through Linux's {@code /proc}. No state.
 */
final class WorkerOutput {
    /** In SPAWN: the worker is to have a pipe of its own. */
    static final int OWN = 1;

    private WorkerOutput() {}

    /**
     * Returns whether a process's pipes can be opened, and may be: one of another user could give the number of a file that
     * only this process may read.
     */
    static boolean canBeOpened(long pid) {
        Path process = Path.of("/proc/" + pid);
        try {
            return pid > 0
                    && Files.getAttribute(process, "unix:uid")
                            .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                    && Files.isReadable(process.resolve("fd/1"));
        } catch (IOException | UnsupportedOperationException gone) {
            return false;
        }
    }

    /**
     * Copies what comes out of a pipe into the log, on a thread of its own, until nobody can print into it any more.
     *
     * @param pid the process that has the reading end open
     * @param descriptor its number there
     * @param ended called at the end
     */
    static void copy(long pid, int descriptor, LogSink log, Runnable ended) throws IOException {
        OutputPump.start("juwsgi-worker-output", new FileInputStream("/proc/" + pid + "/fd/" + descriptor), log, ended);
    }
}
