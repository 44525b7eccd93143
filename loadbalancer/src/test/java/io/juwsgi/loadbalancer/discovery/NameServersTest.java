package io.juwsgi.loadbalancer.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code resolv.conf} and {@code discover-dns-servers} say. */
class NameServersTest {
    @TempDir
    Path directory;

    private NameServers read(String text) throws Exception {
        return NameServers.read(Files.writeString(directory.resolve("resolv.conf"), text), List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.2,10.0.0.2,53",
        "10.0.0.2:5353,10.0.0.2,5353",
        "::1,0:0:0:0:0:0:0:1,53",
        "[::1]:54,0:0:0:0:0:0:0:1,54"
    })
    void addressesAreNumericWithOrWithoutAPort(String text, String host, int port) {
        assertThat(NameServers.address(text)).hasValueSatisfying(address -> {
            assertThat(address.getAddress().getHostAddress()).isEqualTo(host);
            assertThat(address.getPort()).isEqualTo(port);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "ns.test", "10.0.0.2:0", "10.0.0.2:65536", "10.0.0.2:x", "10.0.0", "[::1", "1.2.3.4.5", ":53"
            })
    void othersAreNone(String text) {
        assertThat(NameServers.address(text)).isEmpty();
    }

    @Test
    void theFileSaysWhomToAskAndWhereToSearch() throws Exception {
        NameServers read = read("""
                # by hand
                domain old.test
                nameserver 10.0.0.1
                nameserver nobody
                nameserver fe80::1
                nameserver 10.0.0.3
                nameserver 10.0.0.4
                search a.test. B.test
                options edns0 ndots:2 timeout:1
                """);
        assertThat(read.servers()).hasSize(3);
        assertThat(read.search()).containsExactly("a.test", "b.test");
        assertThat(read.candidates("app")).containsExactly("app.a.test", "app.b.test", "app");
        assertThat(read.candidates("app.x.y")).containsExactly("app.x.y", "app.x.y.a.test", "app.x.y.b.test");
        assertThat(read.candidates("App.")).containsExactly("app");
    }

    @Test
    void withoutAFileThisMachineIsAsked() {
        NameServers none = NameServers.read(directory.resolve("none"), List.of());
        assertThat(none.servers())
                .singleElement()
                .satisfies(server ->
                        assertThat(server.getAddress().isLoopbackAddress()).isTrue());
        assertThat(none.candidates("app")).containsExactly("app");
    }
}
