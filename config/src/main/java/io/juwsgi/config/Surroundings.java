package io.juwsgi.config;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a configuration is read in.
 *
 * @param directory the working directory, which relative names of files refer to
 * @param environment the environment variables
 * @param standardInput what {@code -} stands for
 * @param patience how long a source that is no file may take
 * @param reloading whether this is a reading for a reload
 */
record Surroundings(
        Path directory,
        Map<String, String> environment,
        InputStream standardInput,
        Patience patience,
        boolean reloading) {

    Surroundings {
        directory = directory.toAbsolutePath();
        environment = Map.copyOf(environment);
    }

    Surroundings forReload() {
        return new Surroundings(directory, environment, standardInput, patience, true);
    }
}
