package io.juwsgi.cli.plugin;

import io.juwsgi.spi.log.LogEncoder;
import io.juwsgi.spi.log.LogType;
import io.juwsgi.spi.log.Logger;
import io.juwsgi.spi.worker.ApplicationLanguage;
import io.juwsgi.spi.worker.HandlerLanguage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What all plugins together have registered: one table for each kind of thing. Filled at start, on the main thread. */
final class Offered {
    final Map<String, Registered<?, ?>> extensions = new TreeMap<>();
    final Map<Integer, ApplicationLanguage> languages = new TreeMap<>();
    final List<HandlerLanguage> handlerLanguages = new ArrayList<>();
    final Map<String, LogType<Logger>> loggers = new TreeMap<>();
    final Map<String, LogType<LogEncoder>> logEncoders = new TreeMap<>();
    final RegisteredWords words = new RegisteredWords();

    private final Map<Integer, String> languageOwners = new TreeMap<>();

    /**
     * Makes values of modifier1 a plugin's.
     *
     * @throws IllegalArgumentException when one of them is another plugin's
     */
    void claim(String plugin, Set<Integer> modifiers) {
        for (int modifier : modifiers) {
            String owner = languageOwners.putIfAbsent(modifier, plugin);
            if (owner != null) {
                throw new IllegalArgumentException("plugin " + plugin + ": modifier1 " + modifier
                        + " is taken by plugin " + owner + " (expected: a free one)");
            }
        }
    }

    void clear() {
        extensions.clear();
        languages.clear();
        handlerLanguages.clear();
        languageOwners.clear();
        loggers.clear();
        logEncoders.clear();
        words.clear();
    }
}
