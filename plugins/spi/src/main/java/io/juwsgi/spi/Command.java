package io.juwsgi.spi;

import io.juwsgi.spi.extension.LifeCycle;

/** A sub-command of the program: {@code juwsgi ID --ID-OPTION ...}, run instead of the server. */
@FunctionalInterface
public interface Command extends LifeCycle {

    /**
     * Does its work, on the main thread; no server runs in this process.
     *
     * @return the program's exit code, 0 to 255
     * @throws Exception when it failed; the message is one line for the user, the exit code 1
     */
    int run() throws Exception;
}
