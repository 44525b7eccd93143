package io.juwsgi.spi.worker;

import java.nio.file.Path;

/**
 * One ready application process, as the data plane sees it. Implemented by the process plane; the report methods may be
 * called from any thread and return at once.
 */
public interface WorkerEndpoint {

    /** Returns the worker's number, from 1; a replacement keeps the number of the process that it replaces. */
    int id();

    /** Returns the operating system's process id. */
    long pid();

    /** Returns the number of the reload that this process came with, from 0. */
    int generation();

    /** Returns how many requests the process serves at a time, at least 1. */
    int cores();

    /** Returns the Unix socket on which the process accepts worker links. */
    Path linkSocket();

    /** Reports that a draining worker has answered everything it had been given. */
    void drained();

    /** Reports that the worker has served as many requests as {@code max-requests} allows: it is to be replaced. */
    void worn();

    /**
     * Reports that the worker must be replaced because it no longer behaves: its links fail, or a request is stuck in it.
     *
     * @param reason one line for the log
     */
    void failed(String reason);
}
