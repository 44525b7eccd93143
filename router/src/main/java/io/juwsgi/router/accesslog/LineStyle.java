package io.juwsgi.router.accesslog;

import java.util.Optional;

/**
 * What the line of an exchange looks like.
 *
 * @param format the {@code log-format}
 * @param strftime whether the format's texts have letters of strftime
 * @param json whether it is a JSON object
 * @param micros whether the default line tells microseconds
 * @param forwardedFor whether X-Forwarded-For takes the place of the address
 * @param memory whether the default line begins with the worker's memory
 */
public record LineStyle(
        Optional<String> format, boolean strftime, boolean json, boolean micros, boolean forwardedFor, boolean memory) {

    LineFormat line() {
        LogVariables variables = new LogVariables(forwardedFor);
        Optional<LineFormat> text = format.map(f -> CompiledFormat.compile(f, strftime, variables));
        if (json) {
            return text.<LineFormat>map(JsonLine::ofText).orElseGet(() -> JsonLine.ofFields(variables));
        }
        return text.orElseGet(() -> new DefaultLine(variables, micros, memory));
    }
}
