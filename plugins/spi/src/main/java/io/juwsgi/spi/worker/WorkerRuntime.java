package io.juwsgi.spi.worker;

import java.nio.file.Path;

/**
 * Where application processes meet the master.
 *
 * @param directory a directory of mode 0700 that belongs to this server alone and goes away with it
 * @param controlSocket the Unix socket that the zygote and each worker connect to
 */
public record WorkerRuntime(Path directory, Path controlSocket) {

    /** Returns the Unix socket on which the data plane answers calls from application processes. */
    public Path callsSocket() {
        return directory.resolve("calls.sock");
    }
}
