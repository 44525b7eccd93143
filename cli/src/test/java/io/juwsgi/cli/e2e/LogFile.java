package io.juwsgi.cli.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A log file that a server writes. */
record LogFile(Path path) {
    private static final long PATIENCE = 60_000_000_000L;
    private static final Pattern BOUND = Pattern.compile("http bound on (http://[0-9.:]+)");

    /** Something to do before each look. */
    interface Prompt {
        void run() throws Exception;
    }

    List<String> lines() throws IOException {
        try {
            return Files.readAllLines(path);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Waits for a line in which {@code regex} is found, and returns it. */
    String await(String regex) throws Exception {
        return await(regex, () -> {});
    }

    /** Does something over and over until there is a line in which {@code regex} is found. */
    String await(String regex, Prompt prompt) throws Exception {
        Pattern pattern = Pattern.compile(regex);
        long deadline = System.nanoTime() + PATIENCE;
        while (System.nanoTime() < deadline) {
            prompt.run();
            for (String line : lines()) {
                if (pattern.matcher(line).find()) {
                    return line;
                }
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no line with " + regex + " in " + path + ":\n" + String.join("\n", lines()));
    }

    /** Returns the address of the server's first HTTP listener. */
    String baseUri() throws Exception {
        Matcher matcher = BOUND.matcher(await(BOUND.pattern()));
        if (!matcher.find()) {
            throw new AssertionError("no address");
        }
        return matcher.group(1);
    }
}
