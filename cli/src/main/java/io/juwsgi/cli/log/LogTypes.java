package io.juwsgi.cli.log;

import io.juwsgi.config.ConfigException;
import io.juwsgi.spi.log.LogEncoder;
import io.juwsgi.spi.log.LogType;
import io.juwsgi.spi.log.Logger;
import java.util.Map;
import java.util.TreeMap;

/**
 * The kinds of loggers and encoders that a configuration may name. Immutable.
 *
 * @param loggers by id
 * @param encoders by id
 */
public record LogTypes(Map<String, LogType<Logger>> loggers, Map<String, LogType<LogEncoder>> encoders) {

    public LogTypes {
        loggers = new TreeMap<>(loggers);
        encoders = new TreeMap<>(encoders);
    }

    /** Returns these kinds and the program's own loggers. */
    LogTypes with(Iterable<LogType<Logger>> own) {
        Map<String, LogType<Logger>> all = new TreeMap<>(loggers);
        own.forEach(type -> all.put(type.id(), type));
        return new LogTypes(all, encoders);
    }

    LogType<Logger> logger(String id, String where) {
        return found(loggers, id, where, "logger");
    }

    LogType<LogEncoder> encoder(String id, String where) {
        return found(encoders, id, where, "log encoder");
    }

    private static <T> LogType<T> found(Map<String, LogType<T>> types, String id, String where, String what) {
        LogType<T> type = types.get(id);
        if (type == null) {
            throw new ConfigException(where + ": there is no " + what + " " + id + " (expected: one of "
                    + String.join(", ", types.keySet()) + ")");
        }
        return type;
    }
}
