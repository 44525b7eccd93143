package io.juwsgi.router.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Entries in lists of servers, as users write them. */
class ServerSpecTest {

    @Test
    void anAddressMayHaveProtocolModifiersWeightAndRole() {
        assertThat(ServerSpec.parse("127.0.0.1:9000"))
                .isEqualTo(new ServerSpec(null, "127.0.0.1:9000", Optional.empty(), false, 1, false, "", -1, -1));
        assertThat(ServerSpec.parse("http://app.example:80/ weight=3"))
                .isEqualTo(new ServerSpec(
                        null, "app.example:80", Optional.of(Protocol.HTTP), false, 3, false, "", -1, -1));
        assertThat(ServerSpec.parse("/run/app.sock,5,7 backup"))
                .isEqualTo(new ServerSpec(null, "/run/app.sock", Optional.empty(), false, 1, true, "", 5, 7));
        assertThat(ServerSpec.parse("unix:/run/app.sock").target()).isEqualTo("/run/app.sock");
        assertThat(ServerSpec.parse("localhost:9000,5").modifier1()).isEqualTo(5);
        assertThat(ServerSpec.parse("[::1]:9000").target()).isEqualTo("[::1]:9000");
    }

    @Test
    void aDiscoveryStandsInFrontOfWhatItLooksFor() {
        ServerSpec dns = ServerSpec.parse("http://dns:app.internal:9000 weight=2");
        assertThat(dns.discovery()).isEqualTo("dns");
        assertThat(dns.target()).isEqualTo("app.internal:9000");
        assertThat(dns.protocol()).contains(Protocol.HTTP);
        assertThat(ServerSpec.parse("file:/etc/servers").discovery()).isEqualTo("file");
    }

    @Test
    void certificatesAreForTheNameThatWasConfigured() {
        assertThat(ServerSpec.parse("app.example:443").host()).isEqualTo("app.example");
        assertThat(ServerSpec.parse("[::1]:443").host()).isEqualTo("::1");
        assertThat(ServerSpec.parse("dns:app.example:443").host()).isEqualTo("app.example");
        assertThat(ServerSpec.parse("https://srv:_https._tcp.app.example").host())
                .isEqualTo("app.example");
    }

    @ParameterizedTest
    @CsvSource({
        "'', an address is missing",
        "a:1 weight=0, '''0'' (expected: 1 to 1000)'",
        "a:1 hevy, '''hevy'' (expected: weight=N, zone=ZONE or backup)'",
        "ftp://a:1, the protocol ftp",
        "'/a.sock,300', '''300'' (expected: 0 to 255)'"
    })
    void whatIsWrongIsTold(String text, String told) {
        assertThatThrownBy(() -> ServerSpec.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(told);
    }
}
