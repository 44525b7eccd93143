package io.juwsgi.spi.worker;

import java.nio.file.Path;

/**
 * Where application processes meet the master.
 *
 * @param directory a directory of mode 0700 that belongs to this server alone and goes away with it
 * @param controlSocket the Unix socket that the zygote and each worker connect to
 * @param discovery whether an application may be looked for where the settings name none; not when the server passes requests on to
 *     others, which needs no application
 */
public record WorkerRuntime(Path directory, Path controlSocket, boolean discovery) {

    /** Makes one in which applications may be looked for. */
    public WorkerRuntime(Path directory, Path controlSocket) {
        this(directory, controlSocket, true);
    }

    /** Returns the same with another answer to whether an application may be looked for. */
    public WorkerRuntime withDiscovery(boolean allowed) {
        return new WorkerRuntime(directory, controlSocket, allowed);
    }

    /** Returns the Unix socket on which the data plane answers calls from application processes. */
    public Path callsSocket() {
        return directory.resolve("calls.sock");
    }
}
