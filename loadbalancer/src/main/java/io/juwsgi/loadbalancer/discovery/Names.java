package io.juwsgi.loadbalancer.discovery;

import io.juwsgi.loadbalancer.discovery.DnsClient.NoAnswerException;
import io.juwsgi.loadbalancer.discovery.Resource.Address;
import io.juwsgi.loadbalancer.discovery.Resource.Alias;
import io.juwsgi.loadbalancer.discovery.Resource.Data;
import io.juwsgi.loadbalancer.discovery.Resource.Kind;
import io.netty.resolver.HostsFileEntriesProvider;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What names mean: what the system's files say of them, otherwise what name servers do. The files are those of the moment at
 * which it is made. Any thread may ask.
 */
final class Names {
    /** A longer way from name to name is a circle, or somebody's joke. */
    private static final int MOST_ALIASES = 8;

    /** What stands in a file is true until the file is read again. */
    private static final long ALWAYS = Integer.MAX_VALUE;

    /**
     * A question.
     *
     * @param name the name, as it was configured or stands in a record
     * @param kind the records that are looked for
     * @param search whether a short name may be one of the system's search domains
     */
    record Question(String name, Kind kind, boolean search) {}

    /**
     * What is known of a name.
     *
     * @param data what its records say; empty when it has none, or is not there
     * @param ttl for how many seconds all of it is valid
     */
    record Answer(List<Data> data, long ttl) {}

    /**
     * The system's files.
     *
     * @param servers resolv.conf
     * @param hosts addresses by names, which go before those of name servers
     */
    record SystemFiles(Path servers, Path hosts) {
        static final SystemFiles USUAL = new SystemFiles(Path.of("/etc/resolv.conf"), Path.of("/etc/hosts"));
    }

    private final DnsClient client;
    private final NameServers servers;
    private final Map<String, List<InetAddress>> four;
    private final Map<String, List<InetAddress>> six;

    /**
     * Reads the files.
     *
     * @param named name servers that are asked in place of the system's; none for those
     */
    Names(DnsClient client, List<InetSocketAddress> named, SystemFiles files) {
        HostsFileEntriesProvider hosts =
                HostsFileEntriesProvider.parser().parseSilently(files.hosts().toFile(), StandardCharsets.UTF_8);
        this.client = client;
        this.servers = NameServers.read(files.servers(), named);
        this.four = hosts.ipv4Entries();
        this.six = hosts.ipv6Entries();
    }

    /**
     * Asks once.
     *
     * @throws IOException when nobody knows; the message says why
     */
    Answer ask(Question question) throws IOException {
        String itself = DomainName.canonical(question.name());
        InetAddress literal = literal(itself);
        if (literal != null) {
            boolean ofKind = literal instanceof Inet4Address == (question.kind() == Kind.A);
            return new Answer(ofKind ? List.of(new Address(literal)) : List.of(), ALWAYS);
        }
        if (question.kind() != Kind.SRV && (four.containsKey(itself) || six.containsKey(itself))) {
            return new Answer(hosts(question.kind() == Kind.A ? four : six, itself), ALWAYS);
        }
        return question.search()
                ? search(servers.candidates(question.name()), question.kind())
                : follow(itself, question.kind());
    }

    /** As the C library does: a domain that is out of order is passed over, unless nobody answers at all. */
    private Answer search(List<String> candidates, Kind kind) throws IOException {
        IOException failure = null;
        for (String name : candidates) {
            try {
                Answer answer = follow(name, kind);
                if (!answer.data().isEmpty()) {
                    return answer;
                }
            } catch (NoAnswerException e) {
                throw e;
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return new Answer(List.of(), 0);
    }

    /** Returns what is an address already, or null for a name. */
    private static @Nullable InetAddress literal(String text) {
        if (!text.matches("[0-9.]+|.*:.*")) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static List<Data> hosts(Map<String, List<InetAddress>> family, String name) {
        return family.getOrDefault(name, List.of()).stream()
                .<Data>map(Address::new)
                .toList();
    }

    /** Name servers mostly follow aliases themselves, but not those of zones that are others'. */
    private Answer follow(String name, Kind kind) throws IOException {
        String at = name;
        long ttl = ALWAYS;
        for (int hops = 0; hops <= MOST_ALIASES; hops++) {
            List<Resource> records = client.ask(servers.servers(), at, kind);
            Resource alias = alias(records, at);
            String end = at;
            for (int i = 0; i < MOST_ALIASES && alias != null; i++) {
                ttl = Math.min(ttl, alias.ttl());
                end = ((Alias) alias.data()).target();
                alias = alias(records, end);
            }
            Answer found = of(records, end, kind, ttl);
            if (!found.data().isEmpty() || end.equals(at)) {
                return found;
            }
            at = end;
        }
        throw new IOException(name + " " + kind + ": more than " + MOST_ALIASES + " names lead to others");
    }

    private static @Nullable Resource alias(List<Resource> records, String owner) {
        for (Resource record : records) {
            if (record.kind() == Kind.CNAME && record.owner().equals(owner)) {
                return record;
            }
        }
        return null;
    }

    private static Answer of(List<Resource> records, String owner, Kind kind, long before) {
        List<Resource> of = records.stream()
                .filter(record -> record.kind() == kind && record.owner().equals(owner))
                .toList();
        long ttl = of.stream().mapToLong(Resource::ttl).min().orElse(0);
        return new Answer(of.stream().map(Resource::data).toList(), Math.min(ttl, before));
    }
}
