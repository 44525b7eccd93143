package io.juwsgi.loadbalancer.discovery;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import io.juwsgi.loadbalancer.discovery.Polling.Look;
import io.juwsgi.spi.balance.Discovery;
import io.juwsgi.spi.balance.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Settings of discovery by a file.
 *
 * @param interval how often the file is read
 */
@Doc("find servers in a file")
record FileSettings(
        @Default("1s") @Doc("how often the file is read") Duration interval) {
    private static final long LARGEST = 1 << 20;

    FileSettings {
        if (interval.toMillis() < 10) {
            throw new IllegalArgumentException("interval: " + interval.toMillis() + "ms (expected: at least 10ms)");
        }
    }

    /** Returns the discovery: one {@code ADDRESS [weight=N] [zone=ZONE] [backup]} a line; what follows a {@code #} is passed over. */
    Discovery discovery(System.Logger log) {
        return (target, members) ->
                Polling.start(() -> new Look(read(Path.of(target)), interval, ""), Pace.every(interval), log, members);
    }

    private static List<Member> read(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException(file + " is larger than " + LARGEST + " bytes");
        }
        List<Member> members = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String text = line.replaceFirst("#.*", "").strip();
            if (!text.isEmpty()) {
                members.add(Member.parse(text));
            }
        }
        return members;
    }
}
