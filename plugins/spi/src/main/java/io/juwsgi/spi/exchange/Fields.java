package io.juwsgi.spi.exchange;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Header or trailer fields in order of arrival, repeated ones kept. Names keep their letters and compare without case.
 * Values are one char a byte (ISO 8859-1). Mutable, not thread-safe.
 */
public final class Fields {
    // Name and value side by side: one array, no object a field.
    private String[] entries;
    private int length;

    public Fields() {
        this(16);
    }

    /** Makes room for {@code expected} fields. */
    public Fields(int expected) {
        entries = new String[Math.max(expected, 4) * 2];
    }

    /** Returns fields of alternating names and values. */
    public static Fields of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "names and values: " + namesAndValues.length + " (expected: an even number)");
        }
        Fields fields = new Fields(namesAndValues.length / 2);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }

    /** Returns how many fields there are. */
    public int size() {
        return length / 2;
    }

    /** Returns the name of field {@code index}, from 0. */
    public String name(int index) {
        return entries[2 * index];
    }

    /** Returns the value of field {@code index}, from 0. */
    public String value(int index) {
        return entries[2 * index + 1];
    }

    /** Adds a field at the end. */
    public void add(String name, String value) {
        if (length == entries.length) {
            entries = Arrays.copyOf(entries, length * 2);
        }
        entries[length] = name;
        entries[length + 1] = value;
        length += 2;
    }

    /** Replaces all fields called {@code name} by one. */
    public void set(String name, String value) {
        remove(name);
        add(name, value);
    }

    /** Removes all fields called {@code name}. */
    public void remove(String name) {
        int kept = 0;
        for (int i = 0; i < length; i += 2) {
            if (!entries[i].equalsIgnoreCase(name)) {
                entries[kept] = entries[i];
                entries[kept + 1] = entries[i + 1];
                kept += 2;
            }
        }
        length = kept;
    }

    /** Returns the value of the first field called {@code name}, or null. */
    public @Nullable String first(String name) {
        for (int i = 0; i < length; i += 2) {
            if (entries[i].equalsIgnoreCase(name)) {
                return entries[i + 1];
            }
        }
        return null;
    }

    /** Returns whether there is a field called {@code name}. */
    public boolean contains(String name) {
        return first(name) != null;
    }

    /** Returns the values of all fields called {@code name}, in order. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < length; i += 2) {
            if (entries[i].equalsIgnoreCase(name)) {
                values.add(entries[i + 1]);
            }
        }
        return values;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i += 2) {
            text.append(entries[i]).append(": ").append(entries[i + 1]).append('\n');
        }
        return text.toString();
    }
}
