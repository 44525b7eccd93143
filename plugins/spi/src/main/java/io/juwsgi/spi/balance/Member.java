package io.juwsgi.spi.balance;

/**
 * A server that was discovered.
 *
 * @param address where it listens: {@code host:port} with a numeric host, or a Unix socket's path
 * @param weight the share of requests it is meant to get, 1 to 1000
 * @param backup whether it gets requests only while no other member can take them
 * @param zone the zone that it is in; empty when nobody says
 * @param modifier1 modifier1 of uwsgi requests to it, 0 to 255; -1 for the upstream's
 * @param modifier2 modifier2 of uwsgi requests to it, 0 to 255; -1 for the upstream's
 */
public record Member(String address, int weight, boolean backup, String zone, int modifier1, int modifier2) {

    public Member {
        if (address.isEmpty()) {
            throw new IllegalArgumentException("address: empty (expected: host:port or a path)");
        }
        if (weight < 1 || weight > 1000) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: 1 to 1000)");
        }
        if (Math.min(modifier1, modifier2) < -1 || Math.max(modifier1, modifier2) > 255) {
            throw new IllegalArgumentException(
                    "modifiers: " + modifier1 + ", " + modifier2 + " (expected: 0 to 255, or -1)");
        }
    }

    /** Makes a member of no zone. */
    public Member(String address, int weight, boolean backup, int modifier1, int modifier2) {
        this(address, weight, backup, "", modifier1, modifier2);
    }

    /** Makes a member with the modifiers of its upstream. */
    public Member(String address, int weight, boolean backup) {
        this(address, weight, backup, -1, -1);
    }

    /**
     * Reads {@code ADDRESS [weight=N] [zone=ZONE] [backup]}, as files and registries of servers have it.
     *
     * @throws IllegalArgumentException when it has another form; the message says which is expected
     */
    public static Member parse(String text) {
        String[] words = text.strip().split("\\s+", -1);
        int weight = 1;
        boolean backup = false;
        String zone = "";
        for (int i = 1; i < words.length; i++) {
            if (words[i].matches("weight=[0-9]{1,4}")) {
                weight = Integer.parseInt(words[i].substring(7));
            } else if (words[i].startsWith("zone=") && words[i].length() > 5) {
                zone = words[i].substring(5);
            } else if (words[i].equals("backup")) {
                backup = true;
            } else {
                throw new IllegalArgumentException(text + " (expected: ADDRESS, weight=N, zone=ZONE, backup)");
            }
        }
        return new Member(words[0], weight, backup, zone, -1, -1);
    }

    /** Returns the text that {@link #parse} reads, without modifiers. */
    public String line() {
        return address
                + (weight == 1 ? "" : " weight=" + weight)
                + (zone.isEmpty() ? "" : " zone=" + zone)
                + (backup ? " backup" : "");
    }

    /** Returns a member of weight 1. */
    public static Member of(String address) {
        return new Member(address, 1, false);
    }
}
