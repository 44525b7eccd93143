package io.juwsgi.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Replaces {@code $(VARIABLE)}, then {@code @(file)}, then {@code %(placeholder)} in everything that was read. Used on the main thread.
 *
 * <p>A placeholder stands for the first value of a key, as far as it is expanded itself by then: uWSGI goes through the
 * list once, in order. What is unknown stays as it is written.
 */
final class Expansion {
    /** No value that a person means is longer; a chain of placeholders that double each other soon is. */
    static final int LONGEST = 1 << 20;

    private final Map<String, String> environment;
    private final Schemes schemes;
    private final Predicate<String> immediate;
    private final Map<String, String> firstValues = new HashMap<>();
    private final Set<String> used = new HashSet<>();
    private long characters;

    /**
     * Makes an expansion.
     *
     * @param immediate whether the value of a key was used as it was read; such values stay as they are
     */
    Expansion(Map<String, String> environment, Schemes schemes, Predicate<String> immediate) {
        this.environment = environment;
        this.schemes = schemes;
        this.immediate = immediate;
    }

    /** Returns the same assignments with their values expanded. */
    List<Assignment> expand(List<Assignment> assignments) {
        List<Assignment> replaced = new ArrayList<>(assignments.size());
        for (Assignment a : assignments) {
            String value = immediate.test(a.key()) ? a.value() : contents(variables(a.value(), a.origin()), a.origin());
            charge(value, a);
            replaced.add(new Assignment(a.key(), value, a.origin()));
            firstValues.putIfAbsent(a.key(), value);
        }
        List<Assignment> expanded = new ArrayList<>(assignments.size());
        Set<String> done = new HashSet<>();
        for (Assignment a : replaced) {
            String value = immediate.test(a.key()) ? a.value() : placeholders(a.value(), a.origin());
            charge(value, a);
            expanded.add(new Assignment(a.key(), value, a.origin()));
            if (done.add(a.key())) {
                firstValues.put(a.key(), value);
            }
        }
        return expanded;
    }

    /** Only what replacing has made counts: the rest is there already. */
    private void charge(String value, Assignment a) {
        characters += Math.max(0, value.length() - a.value().length());
        if (characters > Collector.MOST_CHARACTERS) {
            throw new TooMuchException(
                    a.origin(),
                    "the placeholders make more than " + (Collector.MOST_CHARACTERS >> 20) + " MiB of text");
        }
    }

    /** Returns the keys that some value refers to. */
    Set<String> used() {
        return used;
    }

    private String variables(String value, Origin origin) {
        return replaceAll(value, "$(", environment::get, origin);
    }

    private String contents(String value, Origin origin) {
        return replaceAll(value, "@(", name -> withoutLineEnd(schemes.read(name, origin)), origin);
    }

    private static String withoutLineEnd(String text) {
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    private String placeholders(String value, Origin origin) {
        return replaceAll(value, "%(", this::placeholder, origin);
    }

    /** Gives the text for what stands between the parentheses, or null to leave it as it is. */
    private interface Lookup {
        @Nullable
        String find(String name);
    }

    private static String replaceAll(String value, String open, Lookup lookup, Origin origin) {
        int start = value.indexOf(open);
        if (start < 0) {
            return value;
        }
        StringBuilder out = new StringBuilder();
        int from = 0;
        while (start >= 0) {
            int end = value.indexOf(')', start);
            if (end < 0) {
                break;
            }
            // $(A$(B)) is $(B) inside other text, as the innermost opening counts.
            start = value.lastIndexOf(open, end);
            String found = lookup.find(value.substring(start + 2, end));
            out.append(value, from, start).append(found != null ? found : value.substring(start, end + 1));
            if (out.length() > LONGEST) {
                throw new ConfigException(origin + ": the placeholders make a value longer than 1 MiB");
            }
            from = end + 1;
            start = value.indexOf(open, from);
        }
        return out.append(value, from, value.length()).toString();
    }

    private @Nullable String placeholder(String expression) {
        int space = expression.indexOf(' ');
        if (space < 0) {
            used.add(expression);
            return firstValues.get(expression);
        }
        return arithmetic(expression.split(" +", -1));
    }

    /** Works from left to right, without precedence, on what atoi makes of each word; two words in a row are joined. */
    private String arithmetic(String[] words) {
        String result = operand(words[0]);
        for (int i = 1; i < words.length; i++) {
            String word = words[i];
            boolean unary = word.equals("++") || word.equals("--");
            boolean binary = word.length() == 1 && "+-*/".contains(word) && i + 1 < words.length;
            if (unary) {
                result = calculate(result, word.charAt(0), 1);
            } else if (binary) {
                i++;
                result = calculate(result, word.charAt(0), Values.atoi(operand(words[i])));
            } else {
                result += operand(word);
            }
        }
        return result;
    }

    private static String calculate(String left, char operator, int right) {
        int a = Values.atoi(left);
        int result = switch (operator) {
            case '+' -> a + right;
            case '-' -> a - right;
            case '*' -> a * right;
            default -> right == 0 ? 0 : a / right;
        };
        return Integer.toString(result);
    }

    private String operand(String word) {
        used.add(word);
        String value = firstValues.get(word);
        if (value != null) {
            return value;
        }
        return word.chars().allMatch(c -> c >= '0' && c <= '9') ? word : "";
    }
}
