package io.juwsgi.plugin.routing.pattern;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.juwsgi.spi.route.RoutePattern;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A pattern that RE2 runs. Thread-safe. */
record Re2Pattern(Pattern pattern) implements RoutePattern {
    @Override
    public String @Nullable [] find(String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            return null;
        }
        String[] groups = new String[matcher.groupCount() + 1];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = Objects.requireNonNullElse(matcher.group(i), "");
        }
        return groups;
    }
}
