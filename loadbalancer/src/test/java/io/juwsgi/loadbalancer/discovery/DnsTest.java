package io.juwsgi.loadbalancer.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that follow what a real name server says of a name. */
class DnsTest {
    private static final String ZONE = "local=/test/";

    @TempDir
    Path directory;

    @Test
    void membersAreTheAddressesOfTheNameForAsLongAsTheyAreValid() throws Exception {
        String[] before = {ZONE, "host-record=app.test,192.0.2.2,2001:db8::3,1", "host-record=app.test,192.0.2.1,1"};
        try (Dnsmasq dns = Dnsmasq.start(directory, before);
                Watched app = Watched.start(directory, "dns:app.test:9000", Watched.settings(dns.address()))) {
            app.await("192.0.2.1:9000", "192.0.2.2:9000", "[2001:db8:0:0:0:0:0:3]:9000");
            // The interval is an hour: it is the TTL that is over.
            dns.restart(ZONE, "host-record=app.test,192.0.2.2,1", "host-record=app.test,192.0.2.9,1");
            app.await("192.0.2.2:9000", "192.0.2.9:9000");
        }
    }

    @Test
    void anAliasIsFollowedAndValidForNoLongerThanItSays() throws Exception {
        String[] hosts = {ZONE, "host-record=one.test,192.0.2.1,3000", "host-record=two.test,192.0.2.2,3000"};
        List<String> lines = List.of(hosts);
        try (Dnsmasq dns = Dnsmasq.start(
                        directory, with(lines, "cname=app.test,way.test,1", "cname=way.test,one.test,9"));
                Watched app = Watched.start(directory, "dns:app.test:80", Watched.settings(dns.address()))) {
            app.await("192.0.2.1:80");
            dns.restart(with(lines, "cname=app.test,two.test,1"));
            app.await("192.0.2.2:80");
        }
    }

    private static String[] with(List<String> lines, String... more) {
        return Stream.concat(lines.stream(), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void whatIsTooLongForADatagramComesByTcp() throws Exception {
        List<String> records = IntStream.range(0, 200)
                .mapToObj(i -> "host-record=app.test,10.0.1." + i)
                .toList();
        try (Dnsmasq dns = Dnsmasq.start(directory, with(records, ZONE));
                Watched app = Watched.start(directory, "dns:app.test:80", Watched.settings(dns.address()))) {
            assertThat(app.now()).hasSize(200).contains("10.0.1.0:80", "10.0.1.199:80");
        }
    }

    @Test
    void membersStayWhileNobodyAnswersAndThenAreWhoIsThere() throws Exception {
        try (Dnsmasq dns = Dnsmasq.start(directory, ZONE, "host-record=app.test,192.0.2.1");
                Watched app = Watched.start(directory, "dns:app.test:80", Watched.settings(dns.address()))) {
            app.await("192.0.2.1:80");
            dns.stop();
            app.awaitLine("did not answer in time; the last answer counts");
            assertThat(app.now()).containsExactly("192.0.2.1:80");
            // No zone of its own, so it refuses to answer.
            dns.restart();
            app.awaitLine("answered Refused");
            assertThat(app.now()).containsExactly("192.0.2.1:80");
            dns.restart(ZONE, "host-record=app.test,192.0.2.7");
            app.await("192.0.2.7:80");
            app.awaitLine("look-ups succeed again, after: app.test A: name server 127.0.0.1 ");
        }
    }

    @Test
    void aNameWithoutAddressesLosesItsMembersAfterAWhile() throws Exception {
        try (Dnsmasq dns = Dnsmasq.start(directory, ZONE, "host-record=app.test,192.0.2.1");
                Watched kept = Watched.start(directory, "dns:app.test:80", Watched.settings(dns.address()));
                Watched app = Watched.start(
                        directory, "dns:app.test:80", Watched.holding(Duration.ofMillis(200), dns.address()))) {
            app.await("192.0.2.1:80");
            dns.restart(ZONE);
            app.awaitLine("app.test has no addresses any more: no members");
            app.await();
            kept.awaitLine("members stay as they are: app.test has no addresses any more; they go in 3600 s");
            assertThat(kept.now()).containsExactly("192.0.2.1:80");
            dns.restart(ZONE, "host-record=app.test,192.0.2.2");
            app.await("192.0.2.2:80");
            kept.await("192.0.2.2:80");
        }
    }

    @Test
    void aNameThatNobodyKnowsIsSaidOnceAndLookedForAgain() throws Exception {
        try (Dnsmasq dns = Dnsmasq.start(directory, ZONE);
                Watched app = Watched.start(directory, "dns:app.test:80", Watched.settings(dns.address()))) {
            app.awaitLine("members stay as they are: app.test has no addresses");
            dns.restart(ZONE, "host-record=app.test,192.0.2.1");
            app.await("192.0.2.1:80");
            assertThat(app.count("WARNING")).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void theNextNameServerIsAskedWhenOneIsDown() throws Exception {
        String down = "127.0.0.1:" + Dnsmasq.freePort();
        try (Dnsmasq dns = Dnsmasq.start(directory, ZONE, "host-record=app.test,192.0.2.1");
                Watched app = Watched.start(directory, "dns:app.test:80", Watched.settings(down, dns.address()))) {
            assertThat(app.now()).containsExactly("192.0.2.1:80");
            assertThat(app.count("WARNING")).isZero();
        }
    }

    @Test
    void filesOfTheSystemCountAsEverywhereElse() throws Exception {
        Watched.hosts(directory, "192.0.2.66 fixed.test fixed\n2001:db8::6 fixed\n");
        try (Dnsmasq dns = Dnsmasq.start(
                directory, ZONE, "host-record=app.eu.test,192.0.2.1", "host-record=fixed.test,192.0.2.2")) {
            // Of the zone broken it knows nothing, and refuses to answer.
            Files.writeString(directory.resolve("resolv.conf"), "search broken us.test eu.test\noptions ndots:2\n");
            DnsSettings settings = Watched.holding(Duration.ZERO, dns.address());
            try (Watched searched = Watched.start(directory, "dns:app:80", settings);
                    Watched whole = Watched.start(directory, "dns:app.eu.test.:80", settings);
                    Watched absolute = Watched.start(directory, "dns:app.:80", settings);
                    Watched fixed = Watched.start(directory, "dns:fixed:80", settings);
                    Watched literal = Watched.start(directory, "dns:[::1]:80", settings)) {
                searched.await("192.0.2.1:80");
                whole.await("192.0.2.1:80");
                absolute.awaitLine("app A: name server 127.0.0.1 answered Refused");
                fixed.await("192.0.2.66:80", "[2001:db8:0:0:0:0:0:6]:80");
                literal.await("[0:0:0:0:0:0:0:1]:80");
                Watched.hosts(directory, "192.0.2.67 fixed\n");
                fixed.await("192.0.2.67:80");
            }
        }
    }

    @Test
    void addressesThatAreNobodysAreLeftOut() throws Exception {
        try (Dnsmasq dns = Dnsmasq.start(
                        directory, ZONE, "host-record=app.test,0.0.0.0", "host-record=app.test,192.0.2.1,::");
                Watched app = Watched.start(directory, "dns:app.test:80", Watched.settings(dns.address()))) {
            app.await("192.0.2.1:80");
        }
    }
}
