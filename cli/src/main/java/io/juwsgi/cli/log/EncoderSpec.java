package io.juwsgi.cli.log;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Setting;
import io.juwsgi.spi.log.LogEncoder;
import java.util.List;

/**
 * An encoder as it was configured: {@code TYPE[:LOGGER] [ARGUMENT]}.
 *
 * @param logger the name of the one logger that it is for, empty for all
 * @param encoder the encoder
 */
record EncoderSpec(String logger, LogEncoder encoder) {

    static List<EncoderSpec> all(List<Setting> settings, LogTypes types) {
        return settings.stream().map(setting -> parse(setting, types)).toList();
    }

    private static EncoderSpec parse(Setting setting, LogTypes types) {
        String value = setting.value();
        int space = value.indexOf(' ');
        String head = space < 0 ? value : value.substring(0, space);
        String argument = space < 0 ? "" : value.substring(space + 1);
        int colon = head.indexOf(':');
        String type = colon < 0 ? head : head.substring(0, colon);
        String where = setting.origin() + ": " + setting.option().name() + ": " + value;
        try {
            LogEncoder made = types.encoder(type, where).maker().apply(argument);
            return new EncoderSpec(colon < 0 ? "" : head.substring(colon + 1), made);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(where + ": " + e.getMessage());
        }
    }

    /** Returns whether it shapes the lines of a logger; that has an empty name when routes do not call it. */
    boolean isFor(String name) {
        return logger.isEmpty() || logger.equals(name);
    }
}
