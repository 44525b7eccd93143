package io.juwsgi.router.upstream;

import io.juwsgi.spi.balance.Member;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry in a list of servers: {@code [http://]ADDRESS[,MODIFIER1[,MODIFIER2]] [weight=N] [zone=ZONE] [backup]}, or
 * {@code DISCOVERY:TARGET}.
 *
 * @param discovery the id of the discovery that finds the members, or null for an address
 * @param target the address, or what is to be discovered
 * @param protocol what is spoken to it; empty for the upstream's
 * @param tls whether connections to it are encrypted whatever the upstream says
 * @param weight its share of the requests
 * @param backup whether it gets requests only while no other can take them
 * @param zone the zone that it is in; empty when nobody says
 * @param modifier1 modifier1 of requests, -1 for the upstream's
 * @param modifier2 modifier2 of requests, -1 for the upstream's
 */
record ServerSpec(
        @Nullable String discovery,
        String target,
        Optional<Protocol> protocol,
        boolean tls,
        int weight,
        boolean backup,
        String zone,
        int modifier1,
        int modifier2) {

    private static final Pattern DISCOVERY = Pattern.compile("([a-z][a-z0-9-]*):(?!//|[0-9]+(,|$))(.+)");
    private static final Pattern SCHEME = Pattern.compile("([a-z0-9]+)://(.*?)/?");
    /** What stands in front of the domain in the name of a service, RFC 2782. */
    private static final Pattern SERVICE = Pattern.compile("_[^.]+\\._[^.]+\\.");

    private static final Pattern MODIFIERS = Pattern.compile("(.*?),([0-9]{1,3})(?:,([0-9]{1,3}))?");

    /**
     * Reads an entry.
     *
     * @throws IllegalArgumentException when it has another form; the message says which is expected
     */
    static ServerSpec parse(String text) {
        String[] words = text.strip().split("\\s+", -1);
        int weight = 1;
        boolean backup = false;
        String zone = "";
        for (int i = 1; i < words.length; i++) {
            if (words[i].equals("backup")) {
                backup = true;
            } else if (words[i].startsWith("weight=")) {
                weight = number(words[i].substring(7), 1, 1000, text);
            } else if (words[i].startsWith("zone=") && words[i].length() > 5) {
                zone = words[i].substring(5);
            } else {
                throw wrong(text, "'" + words[i] + "' (expected: weight=N, zone=ZONE or backup)");
            }
        }
        return address(words[0], text, weight, backup, zone);
    }

    /** Returns this entry for one of the members that its discovery has found. */
    ServerSpec member(Member member) {
        return new ServerSpec(
                discovery,
                member.address(),
                protocol,
                tls,
                member.weight(),
                backup || member.backup(),
                member.zone().isEmpty() ? zone : member.zone(),
                member.modifier1() >= 0 ? member.modifier1() : modifier1,
                member.modifier2() >= 0 ? member.modifier2() : modifier2);
    }

    private static ServerSpec address(String word, String text, int weight, boolean backup, String zone) {
        Matcher scheme = SCHEME.matcher(word);
        Optional<Protocol> protocol = Optional.empty();
        boolean tls = false;
        String rest = word;
        if (scheme.matches()) {
            Scheme named = Scheme.parse(scheme.group(1));
            if (named == null) {
                throw wrong(text, "the protocol " + scheme.group(1) + " (expected: " + Scheme.ALL + ")");
            }
            protocol = Optional.of(named.protocol());
            tls = named.tls();
            rest = scheme.group(2);
        }
        rest = rest.startsWith("unix:") ? rest.substring(5) : rest;
        Matcher discovery = DISCOVERY.matcher(rest);
        if (discovery.matches()) {
            return new ServerSpec(discovery.group(1), discovery.group(3), protocol, tls, weight, backup, zone, -1, -1);
        }
        int modifier1 = -1;
        int modifier2 = -1;
        Matcher modifiers = MODIFIERS.matcher(rest);
        if (modifiers.matches()) {
            rest = modifiers.group(1);
            modifier1 = number(modifiers.group(2), 0, 255, text);
            modifier2 = modifiers.group(3) == null ? 0 : number(modifiers.group(3), 0, 255, text);
        }
        if (rest.isEmpty()) {
            throw wrong(text, "an address is missing");
        }
        return new ServerSpec(null, rest, protocol, tls, weight, backup, zone, modifier1, modifier2);
    }

    private static int number(String text, int least, int most, String all) {
        boolean digits = !text.isEmpty() && text.length() < 6 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int number = digits ? Integer.parseInt(text) : -1;
        if (number < least || number > most) {
            throw wrong(all, "'" + text + "' (expected: " + least + " to " + most + ")");
        }
        return number;
    }

    /**
     * Returns whom a member's certificate must be for unless it is said: the name in the address, or that was looked up. Of a service
     * that is its domain: the hosts in its records are what anybody may have put there.
     */
    String host() {
        Matcher service = SERVICE.matcher(target);
        if (discovery != null && service.lookingAt()) {
            return target.substring(service.end());
        }
        int end = target.lastIndexOf(':');
        String host = end < 0 || target.indexOf('/') >= 0 ? "localhost" : target.substring(0, end);
        boolean six = host.startsWith("[") && host.endsWith("]");
        return host.isEmpty() ? "localhost" : six ? host.substring(1, host.length() - 1) : host;
    }

    private static IllegalArgumentException wrong(String text, String what) {
        return new IllegalArgumentException("servers: " + text + ": " + what);
    }
}
