package io.juwsgi.loadbalancer;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
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
        return (target, members) -> Polling.start(() -> read(Path.of(target)), interval, log, members);
    }

    private static List<Member> read(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException(file + " is larger than " + LARGEST + " bytes");
        }
        List<Member> members = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String text = line.replaceFirst("#.*", "").strip();
            if (!text.isEmpty()) {
                members.add(member(text));
            }
        }
        return members;
    }

    private static Member member(String text) {
        String[] words = text.split("\\s+", -1);
        int weight = 1;
        boolean backup = false;
        String zone = "";
        for (int i = 1; i < words.length; i++) {
            if (words[i].matches("weight=[0-9]{1,4}")) {
                weight = Integer.parseInt(words[i].substring(7));
            } else if (words[i].equals("backup")) {
                backup = true;
            } else if (words[i].matches("zone=.+")) {
                zone = words[i].substring(5);
            } else {
                throw new IllegalArgumentException(text + " (expected: ADDRESS, weight=N, zone=ZONE, backup)");
            }
        }
        return new Member(words[0], weight, backup, zone, -1, -1);
    }
}
