package io.juwsgi.spi.worker;

import java.util.List;

/** One call of a {@link WorkerFunction}. Any thread may answer it; the application that called may be gone by then. */
public interface WorkerCall {

    /** Returns the arguments; what their bytes mean is between the function and its caller. They are the callee's to keep. */
    List<byte[]> arguments();

    /** Returns the number of the worker that calls, from 1. */
    int worker();

    /** Ends the call with any number of values; with none where the function has nothing to say. */
    void reply(byte[]... values);

    /** Ends the call with an error that is raised in the application, one line that says why. */
    void fail(String message);
}
