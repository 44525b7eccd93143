package io.juwsgi.spi.worker;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How to start a zygote.
 *
 * @param argv the program and its arguments
 * @param environment variables set on top of the server's own environment
 * @param directory the working directory
 * @param boot bytes, from position to limit, that are written to the zygote's standard input, which is closed after them; may hold secrets, so it is
 *     never logged
 * @param description the interpreter and what is to be loaded, for the log
 */
public record ZygoteCommand(
        List<String> argv, Map<String, String> environment, Path directory, ByteBuffer boot, String description) {

    public ZygoteCommand {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }
}
