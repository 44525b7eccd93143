package io.juwsgi.loadbalancer.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that follow the SRV records of a service. */
class SrvTest {
    private static final String SERVICE = "srv:_uwsgi._tcp.test";
    private static final List<String> HOSTS = List.of(
            "local=/test/",
            "host-record=one.test,192.0.2.1",
            "host-record=two.test,192.0.2.2",
            "host-record=three.test,192.0.2.3",
            "host-record=six.test,2001:db8::6");

    @TempDir
    Path directory;

    private static String[] with(String... services) {
        return Stream.concat(HOSTS.stream(), Stream.of(services).map(one -> "srv-host=_uwsgi._tcp.test" + one))
                .toArray(String[]::new);
    }

    private Watched watch(Dnsmasq dns) throws Exception {
        return Watched.start(directory, SERVICE, Watched.settings(dns.address()));
    }

    @Test
    void recordsSayHostsPortsWeightsAndWhoIsABackup() throws Exception {
        String[] records =
                with(",one.test,9001,10,3", ",two.test,9002,10,1", ",three.test,9003,20,7", ",six.test,9,20,0");
        try (Dnsmasq dns = Dnsmasq.start(directory, records);
                Watched service = watch(dns)) {
            service.await(
                    "192.0.2.1:9001 weight=3",
                    "192.0.2.2:9002",
                    "192.0.2.3:9003 weight=7 backup",
                    "[2001:db8:0:0:0:0:0:6]:9 backup");
        }
    }

    @Test
    void oneLeavesAndAnotherComes() throws Exception {
        try (Dnsmasq dns = Dnsmasq.start(directory, with(",one.test,9001", ",two.test,9002"));
                Watched service = watch(dns)) {
            service.await("192.0.2.1:9001", "192.0.2.2:9002");
            dns.restart(with(",two.test,9002", ",three.test,9003"));
            service.await("192.0.2.2:9002", "192.0.2.3:9003");
        }
    }

    @Test
    void aDotMeansAtOnceThatTheServiceIsNotThere() throws Exception {
        try (Dnsmasq dns = Dnsmasq.start(directory, with(",one.test,9001"));
                Watched service = watch(dns)) {
            service.await("192.0.2.1:9001");
            dns.restart(with(""));
            service.await();
            assertThat(service.count("any more")).isZero();
        }
    }

    @Test
    void aServiceThatIsGoneIsHeld() throws Exception {
        try (Dnsmasq dns = Dnsmasq.start(directory, with(",one.test,9001"));
                Watched service = watch(dns)) {
            service.await("192.0.2.1:9001");
            dns.restart(with());
            service.awaitLine("members stay as they are: _uwsgi._tcp.test has no servers any more");
            assertThat(service.now()).containsExactly("192.0.2.1:9001");
        }
    }

    @Test
    void aHostThatCannotBeLookedUpKeepsItsAddressAndOneThatIsUnknownHasNone() throws Exception {
        String[] records = {
            "local=/test/",
            "host-record=one.test,192.0.2.1",
            "host-record=far.example,192.0.2.8",
            "srv-host=_uwsgi._tcp.test,one.test,9001",
            "srv-host=_uwsgi._tcp.test,far.example,9008",
            "srv-host=_uwsgi._tcp.test,nobody.test,9009"
        };
        try (Dnsmasq dns = Dnsmasq.start(directory, records);
                Watched service = watch(dns)) {
            service.await("192.0.2.1:9001", "192.0.2.8:9008");
            // Of far.example it knows nothing now, and nobody whom it could ask: it refuses.
            records[1] = "host-record=one.test,192.0.2.5";
            records[2] = "host-record=near.test,192.0.2.4";
            dns.restart(records);
            service.await("192.0.2.5:9001", "192.0.2.8:9008");
            service.awaitLine("far.example A: name server 127.0.0.1 answered Refused");
        }
    }

    @Test
    void aLargeServiceComesByTcpAndOneThatIsTooLargeNotAtAll() throws Exception {
        try (Dnsmasq dns = Dnsmasq.start(directory, with(services(100)));
                Watched service = watch(dns)) {
            service.awaitSize(100);
            assertThat(service.now()).contains("192.0.2.1:1", "192.0.2.1:100");
            dns.restart(with(services(Resources.MOST + 1)));
            service.awaitLine("answered with 1001 records (expected: at most 1000)");
            assertThat(service.now()).hasSize(100);
        }
    }

    private static String[] services(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(port -> ",one.test," + port)
                .toArray(String[]::new);
    }
}
