package io.juwsgi.loadbalancer;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import io.juwsgi.spi.balance.Discovery;
import io.juwsgi.spi.balance.Member;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Settings of discovery by DNS.
 *
 * @param interval how often names are looked up
 */
@Doc("find servers by the addresses of a name")
record DnsSettings(
        @Default("30s") @Doc("how often names are looked up")
        Duration interval) {

    DnsSettings {
        if (interval.toMillis() < 100) {
            throw new IllegalArgumentException("interval: " + interval.toMillis() + "ms (expected: at least 100ms)");
        }
    }

    /** Finds the addresses of a name. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] addresses(String name) throws IOException;
    }

    /** Returns the discovery: {@code name:port} is every address of the name, at this port. */
    Discovery discovery(System.Logger log) {
        return discovery(log, InetAddress::getAllByName);
    }

    Discovery discovery(System.Logger log, Resolver resolver) {
        return (target, members) -> {
            int colon = target.lastIndexOf(':');
            if (colon < 1 || !target.substring(colon + 1).matches("[1-9][0-9]{0,4}")) {
                throw new ConfigException("dns:" + target + " (expected: dns:NAME:PORT)");
            }
            String name = target.substring(0, colon);
            String port = target.substring(colon);
            return Polling.start(() -> lookUp(resolver, name, port), interval, log, members);
        };
    }

    private static List<Member> lookUp(Resolver resolver, String name, String port) throws IOException {
        return Stream.of(resolver.addresses(name))
                .map(address -> Member.of(
                        address instanceof Inet6Address
                                ? "[" + address.getHostAddress() + "]" + port
                                : address.getHostAddress() + port))
                .sorted((a, b) -> a.address().compareTo(b.address()))
                .toList();
    }
}
