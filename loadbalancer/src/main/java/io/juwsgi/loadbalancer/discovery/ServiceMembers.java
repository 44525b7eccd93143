package io.juwsgi.loadbalancer.discovery;

import io.juwsgi.loadbalancer.discovery.Resource.Service;
import io.juwsgi.spi.balance.Member;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes members of SRV records and the addresses of their hosts. */
final class ServiceMembers {
    private static final int HEAVIEST = 1000;

    /** A member in the making; its share is that of its record, parted among the addresses of the host. */
    private record Part(int priority, double share) {

        /** The same server may stand in several records: the first priority counts, with all shares of it. */
        static Part merge(Part one, Part other) {
            if (one.priority != other.priority) {
                return one.priority < other.priority ? one : other;
            }
            return new Part(one.priority, one.share + other.share);
        }
    }

    private ServiceMembers() {}

    /** Returns the address of a member: {@code 10.0.0.1:80}, {@code [2001:db8::1]:80}. */
    static String address(InetAddress host, int port) {
        return host instanceof Inet6Address
                ? "[" + host.getHostAddress() + "]:" + port
                : host.getHostAddress() + ":" + port;
    }

    /**
     * Returns the members, in the order of their addresses: those of the lowest priority value, and all others as backups.
     *
     * @param addresses of each host; those that are not there have none
     */
    static List<Member> of(Collection<Service> services, Map<String, List<InetAddress>> addresses) {
        Map<String, Part> parts = new TreeMap<>();
        for (Service service : services) {
            List<InetAddress> hosts = addresses.getOrDefault(service.target(), List.of());
            for (InetAddress host : hosts) {
                Part part = new Part(service.priority(), (double) service.weight() / hosts.size());
                parts.merge(address(host, service.port()), part, Part::merge);
            }
        }
        int first = services.stream().mapToInt(Service::priority).min().orElse(0);
        Map<Integer, Double> scales = new HashMap<>();
        List<Member> members = new ArrayList<>();
        parts.forEach((address, part) -> {
            double scale = scales.computeIfAbsent(part.priority(), priority -> scale(priority, parts.values()));
            members.add(new Member(address, weight(part.share() * scale), part.priority() != first));
        });
        return members;
    }

    /** Weights that a member can have stay as they are; others are brought to its scale, in their proportions. */
    private static double scale(int priority, Collection<Part> parts) {
        double heaviest = 0;
        boolean whole = true;
        for (Part part : parts) {
            if (part.priority() == priority) {
                heaviest = Math.max(heaviest, part.share());
                whole &= part.share() == Math.rint(part.share());
            }
        }
        return whole && heaviest <= HEAVIEST ? 1 : HEAVIEST / heaviest;
    }

    private static int weight(double share) {
        return Math.clamp(Math.round(share), 1, HEAVIEST);
    }
}
