package io.juwsgi.loadbalancer.discovery;

import io.juwsgi.loadbalancer.LoadBalancerPlugin;
import io.juwsgi.spi.balance.Discovery;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.contract.DiscoveryContract;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Both discoveries by DNS, as the plugin makes them, with a real name server against the contract of the test kit. */
class DnsContractsTest {
    @TempDir
    Path own;

    private Dnsmasq dns;

    @BeforeEach
    void nameServer() throws Exception {
        dns = Dnsmasq.start(own, records("192.0.2.1"));
    }

    @AfterEach
    void end() throws Exception {
        dns.close();
    }

    private static String[] records(String address) {
        return new String[] {
            "local=/test/", "host-record=app.test," + address, "srv-host=_uwsgi._tcp.test,app.test,9000"
        };
    }

    private Discovery started(String id) throws Exception {
        return PluginUnderTest.of(new LoadBalancerPlugin())
                .start("--discover-dns-servers", dns.address(), "--discover-dns-least", "100ms")
                .component(Discovery.class, id);
    }

    private Set<String> others() throws Exception {
        dns.restart(records("192.0.2.2"));
        return Set.of("192.0.2.2:9000");
    }

    @Nested
    class ByAddresses extends DiscoveryContract {
        @Override
        protected Discovery discovery() throws Exception {
            return started("dns");
        }

        @Override
        protected String target(Path directory) {
            return "app.test:9000";
        }

        @Override
        protected Set<String> addresses() {
            return Set.of("192.0.2.1:9000");
        }

        @Override
        protected Set<String> change(Path directory) throws Exception {
            return others();
        }

        @Override
        protected List<String> wrongTargets() {
            return List.of(
                    "", "name", "name:", ":80", "name:http", "name:0", "name:65536", "a b:80", "a..b:80", "[x]:80");
        }
    }

    @Nested
    class ByServices extends DiscoveryContract {
        @Override
        protected Discovery discovery() throws Exception {
            return started("srv");
        }

        @Override
        protected String target(Path directory) {
            return "_uwsgi._tcp.test";
        }

        @Override
        protected Set<String> addresses() {
            return Set.of("192.0.2.1:9000");
        }

        @Override
        protected Set<String> change(Path directory) throws Exception {
            return others();
        }

        @Override
        protected List<String> wrongTargets() {
            return List.of("", ".", "_uwsgi._tcp.test:9000", "a..b", "-a", "a b", "a".repeat(64), "a.".repeat(130));
        }
    }
}
