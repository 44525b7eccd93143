package io.juwsgi.loadbalancer.discovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom to ask for names, and in which domains short names are looked for: what {@code resolv.conf} says.
 *
 * @param servers name servers, in the order in which they are asked; at least one
 * @param search the domains
 * @param dots how many dots a name has that is asked for as it is first
 */
record NameServers(List<InetSocketAddress> servers, List<String> search, int dots) {
    private static final Pattern ADDRESS = Pattern.compile(
            "(?:\\[([^\\[\\]]+)]|((?:[0-9]{1,3}\\.){3}[0-9]{1,3}))(?::([1-9][0-9]{0,4}))?|([^:]*:[^:]*:.*)");
    private static final int PORT = 53;

    /** As in the C library. */
    private static final int MOST_SERVERS = 3;

    private static final int MOST_DOTS = 15;
    private static final int MOST_DOMAINS = 16;
    private static final int LARGEST = 1 << 16;

    /** Reads {@code HOST[:PORT]}; empty when it has another form. */
    static Optional<InetSocketAddress> address(String text) {
        Matcher matcher = ADDRESS.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String host = matcher.group(1) != null
                ? matcher.group(1)
                : matcher.group(2) != null ? matcher.group(2) : matcher.group(4);
        int port = matcher.group(3) == null ? PORT : Integer.parseInt(matcher.group(3));
        try {
            return port > 65_535
                    ? Optional.empty()
                    : Optional.of(new InetSocketAddress(InetAddress.ofLiteral(host), port));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads the system's file, or does as if it said nothing when it is not there: the name server of this machine is asked then.
     *
     * @param instead name servers that are asked in place of the file's, if there are any
     */
    static NameServers read(Path file, List<InetSocketAddress> instead) {
        List<InetSocketAddress> servers = new ArrayList<>();
        List<String> search = new ArrayList<>();
        int dots = 1;
        for (String line : lines(file)) {
            String[] words = line.strip().split("[ \t]+", -1);
            switch (words[0]) {
                case "nameserver" -> {
                    if (words.length > 1 && servers.size() < MOST_SERVERS) {
                        address(words[1]).ifPresent(servers::add);
                    }
                }
                case "search", "domain" -> search = domains(words);
                case "options" -> dots = dots(words, dots);
                default -> {
                    // Comments, and what concerns programs that have no cache.
                }
            }
        }
        if (servers.isEmpty()) {
            servers.add(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT));
        }
        return new NameServers(List.copyOf(instead.isEmpty() ? servers : instead), List.copyOf(search), dots);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.size(file) > LARGEST ? List.of() : Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<String> domains(String[] words) {
        List<String> domains = new ArrayList<>();
        for (int i = 1; i < words.length && domains.size() < MOST_DOMAINS; i++) {
            if (DomainName.isOne(words[i])) {
                domains.add(DomainName.canonical(words[i]));
            }
        }
        return domains;
    }

    private static int dots(String[] words, int before) {
        int dots = before;
        for (String word : words) {
            if (word.matches("ndots:[0-9]{1,3}")) {
                dots = Math.min(MOST_DOTS, Integer.parseInt(word.substring(6)));
            }
        }
        return dots;
    }

    /** Returns the names to ask for, in this order, until one has records. */
    List<String> candidates(String name) {
        String itself = DomainName.canonical(name);
        if (name.endsWith(".")) {
            return List.of(itself);
        }
        List<String> names = new ArrayList<>();
        search.forEach(domain -> names.add(itself + "." + domain));
        names.removeIf(one -> !DomainName.isOne(one));
        boolean first = itself.chars().filter(c -> c == '.').count() >= dots;
        names.add(first ? 0 : names.size(), itself);
        return names;
    }
}
