package io.juwsgi.cli.log;

import io.juwsgi.spi.log.LogLine;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which targets get which lines. Immutable; any thread may hand over lines.
 *
 * @param lines get all lines but those of requests
 * @param requests get the lines of requests
 * @param hidden get lines from one of the others only
 */
record LogRoutes(List<LogTarget> lines, List<LogTarget> requests, List<LogTarget> hidden) {

    static LogRoutes to(LogTarget target) {
        return new LogRoutes(List.of(target), List.of(target), List.of());
    }

    void take(LogLine line) {
        List<LogTarget> targets = line.source() == LogLine.Source.REQUEST ? requests : lines;
        for (int i = 0; i < targets.size(); i++) {
            targets.get(i).offer(line);
        }
    }

    void start() {
        targets().forEach(LogTarget::start);
    }

    /** Returns each target once, those that others write to last. */
    List<LogTarget> targets() {
        return Stream.of(lines, requests, hidden)
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    /** Returns the targets of messages that are not this one. */
    List<LogTarget> others(LogTarget target) {
        return lines.stream().filter(other -> other != target).toList();
    }
}
