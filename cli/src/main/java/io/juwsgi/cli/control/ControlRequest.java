package io.juwsgi.cli.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a client asks for: one line of JSON, {@code {"command": "trace", "arguments": ["1"]}}.
 *
 * @param command its name
 * @param arguments what follows the name
 */
record ControlRequest(String command, List<String> arguments) {
    /** The longest line, in bytes. */
    static final int LONGEST = 16 * 1024;

    private static final int MOST_ARGUMENTS = 64;

    ControlRequest {
        arguments = List.copyOf(arguments);
    }

    /**
     * Reads a request.
     *
     * @param line the line without its end
     * @throws ControlException when it is none
     */
    static ControlRequest parse(byte[] line) throws ControlException {
        if (line.length > LONGEST) {
            throw new ControlException("the request has " + line.length + " bytes (expected: at most " + LONGEST + ")");
        }
        if (!(JsonTree.read(line) instanceof Map<?, ?> map)) {
            throw new ControlException("the request is no object (expected: {\"command\": ..., \"arguments\": [...]})");
        }
        for (Object name : map.keySet()) {
            if (!name.equals("command") && !name.equals("arguments")) {
                throw new ControlException("the request has '" + name + "' (expected: command, arguments)");
            }
        }
        if (!(map.get("command") instanceof String command) || command.isEmpty()) {
            throw new ControlException("the request has no command (expected: a string)");
        }
        return new ControlRequest(command, map.containsKey("arguments") ? arguments(map) : List.of());
    }

    private static List<String> arguments(Map<?, ?> map) throws ControlException {
        if (!(map.get("arguments") instanceof List<?> list) || list.size() > MOST_ARGUMENTS) {
            throw new ControlException("arguments: expected a list of at most " + MOST_ARGUMENTS + " strings");
        }
        List<String> arguments = new ArrayList<>();
        for (Object one : list) {
            if (!(one instanceof String argument)) {
                throw new ControlException("arguments: " + one + " (expected: a string)");
            }
            arguments.add(argument);
        }
        return arguments;
    }

    /** Returns the line that {@link #parse} reads. */
    byte[] line() {
        return JsonTree.write(Map.of("command", command, "arguments", arguments));
    }
}
