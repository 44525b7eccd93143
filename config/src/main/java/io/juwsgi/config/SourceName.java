package io.juwsgi.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells from the name of a configuration file how it is to be read. */
final class SourceName {
    private SourceName() {}

    /** Returns the option that reads such a file, or null. */
    static @Nullable Option<?> readerOf(String file) {
        int dot = file.lastIndexOf('.');
        String ending = dot < 0 ? "" : file.substring(dot + 1).toLowerCase(Locale.ROOT);
        return switch (ending) {
            case "ini" -> ConfigOptions.INI;
            case "yaml", "yml" -> ConfigOptions.YAML;
            case "json", "js" -> ConfigOptions.JSON;
            case "xml" -> ConfigOptions.XML;
            case "conf", "hocon" -> ConfigOptions.CONF;
            default -> null;
        };
    }

    /** Returns the endings that {@link #readerOf} knows, for messages. */
    static String endings() {
        return ".ini, .yaml, .yml, .json, .js, .xml, .conf";
    }

    /** Returns {@code file.ini} for {@code file.ini:section}; in a name with a scheme, where ports have colons, behind the last slash. */
    static String withoutSection(String spec) {
        int colon = spec.lastIndexOf(':');
        boolean none = colon <= 0 || (Schemes.isScheme(spec) && colon < spec.lastIndexOf('/'));
        return none ? spec : spec.substring(0, colon);
    }
}
