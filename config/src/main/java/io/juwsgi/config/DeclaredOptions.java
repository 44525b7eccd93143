package io.juwsgi.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Options that the configuration declares itself: {@code declare-option = name=option=value;option=value}, where {@code $1} to
 * {@code $9} stand for the words of the value that the option is given.
 */
final class DeclaredOptions {
    private static final Pattern ARGUMENT = Pattern.compile("\\$([1-9])");
    private static final Pattern BLANK = Pattern.compile(" ");

    static final DeclaredOptions NONE = new DeclaredOptions();

    private final Map<String, String> templates = new HashMap<>();

    private DeclaredOptions() {}

    /**
     * Collects the declarations.
     *
     * @param written the assignments as they are written: declare-option takes its template so
     * @param expanded the same, with everything replaced: declare-option2 takes it so
     */
    static DeclaredOptions of(OptionRegistry registry, List<Assignment> written, List<Assignment> expanded) {
        DeclaredOptions declared = new DeclaredOptions();
        for (int i = 0; i < written.size(); i++) {
            Option<?> option = registry.find(written.get(i).key()).orElse(null);
            if (option == ConfigOptions.DECLARE) {
                declared.declare(written.get(i));
            } else if (option == ConfigOptions.DECLARE_LATE) {
                declared.declare(expanded.get(i));
            }
        }
        return declared;
    }

    private void declare(Assignment a) {
        int equals = a.value().indexOf('=');
        if (equals <= 0) {
            throw new ConfigException(
                    a.origin() + ": " + a.key() + " needs NAME=OPTION=VALUE;..., found: " + a.value());
        }
        templates.put(a.value().substring(0, equals), a.value().substring(equals + 1));
    }

    boolean has(String key) {
        return templates.containsKey(key);
    }

    /** Returns what the use of a declared option stands for. */
    List<Assignment> expand(Assignment use) {
        List<String> words =
                BLANK.splitAsStream(use.value()).filter(w -> !w.isEmpty()).toList();
        List<Assignment> expanded = new ArrayList<>();
        for (String part : templates.getOrDefault(use.key(), "").split(";", -1)) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? part.strip() : part.substring(0, equals).strip();
            String value = equals < 0 ? "" : part.substring(equals + 1);
            if (!key.isEmpty()) {
                expanded.add(new Assignment(key, filled(value, words, use.origin()), use.origin()));
            }
        }
        return expanded;
    }

    private static String filled(String template, List<String> words, Origin origin) {
        StringBuilder out = new StringBuilder();
        Matcher argument = ARGUMENT.matcher(template);
        while (argument.find()) {
            int index = argument.group(1).charAt(0) - '1';
            argument.appendReplacement(
                    out, Matcher.quoteReplacement(index < words.size() ? words.get(index) : argument.group()));
            if (out.length() > Expansion.LONGEST) {
                throw new ConfigException(origin + ": the declared option makes a value longer than 1 MiB");
            }
        }
        return argument.appendTail(out).toString();
    }
}
