package io.juwsgi.config;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes a configuration as an ini file with the origin of each line, as {@code show-config} does. Secrets are hidden. */
public final class ShownConfig {
    private static final int COLUMN = 48;
    private static final String HIDDEN = "****";
    private static final Pattern SECRET =
            Pattern.compile("(?i)(passw|secret|token|credential|private.?key|api.?key|access.?key|auth.?key)");
    /** The password in a URL such as {@code redis://user:password@host}. */
    private static final Pattern URL_PASSWORD = Pattern.compile("(://[^/:@\\s]*:)[^/@\\s]+@");

    private ShownConfig() {}

    /** Returns everything that was read, in order of appearance; what a later line overrides is a comment. */
    public static String text(Configuration configuration) {
        Map<String, Origin> last = lastOfEach(configuration.settings());
        StringBuilder out = new StringBuilder(";juwsgi configuration\n[uwsgi]\n");
        for (Assignment a : configuration.assignments()) {
            Origin winner = last.getOrDefault(a.key(), a.origin());
            boolean overridden = !winner.equals(a.origin());
            String line = (overridden ? ";" : "") + a.key() + " = " + shown(a.key(), a.value());
            out.append(line).repeat(' ', Math.max(1, COLUMN - line.length())).append("; ");
            out.append(a.origin())
                    .append(overridden ? ", overridden by " + winner : "")
                    .append('\n');
        }
        return out.append(";end of configuration\n").toString();
    }

    /** Returns for each name of an option that has one value where the value that counts is from. */
    private static Map<String, Origin> lastOfEach(Settings settings) {
        Map<String, Origin> last = new HashMap<>();
        for (Setting setting : settings.all()) {
            Option<?> option = setting.option();
            if (!option.kind().repeats()) {
                last.put(option.name(), setting.origin());
                option.aliases().forEach(alias -> last.put(alias, setting.origin()));
            }
        }
        return last;
    }

    private static String shown(String key, String value) {
        if (SECRET.matcher(key).find()) {
            return HIDDEN;
        }
        int equals = value.indexOf('=');
        if (equals > 0 && SECRET.matcher(value.substring(0, equals)).find()) {
            return value.substring(0, equals + 1) + HIDDEN;
        }
        return URL_PASSWORD.matcher(value).replaceAll("$1" + HIDDEN + "@").replace("\n", "\\n");
    }
}
