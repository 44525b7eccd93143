package io.juwsgi.plugin.python;

import io.juwsgi.config.Option;
import io.juwsgi.config.Origin;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import java.util.ArrayList;
import java.util.List;

/** Settings as a command line would give them. */
final class Configured {
    private final List<Setting> settings = new ArrayList<>();

    Configured with(Option<?> option, String value) {
        settings.add(new Setting(option, value, Origin.COMMAND_LINE));
        return this;
    }

    Settings settings() {
        return new Settings(settings);
    }
}
