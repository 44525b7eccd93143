package io.juwsgi.loadbalancer.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.juwsgi.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What subscribe-to and subscribe2 say. */
class SubscriptionTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "'127.0.0.1:4040:example.org', '', 127.0.0.1:4040, example.org, 0",
        "'127.0.0.1:4040:example.org:8000', '', 127.0.0.1:4040, example.org:8000, 0",
        "'10.0.0.1:3031=127.0.0.1:4040:app,5', 10.0.0.1:3031, 127.0.0.1:4040, app, 5",
        "'/run/router.sock:app', '', /run/router.sock, app, 0",
        "'[::1]:4040:app', '', '[::1]:4040', app, 0"
    })
    void subscribeToIsServerAndKey(String text, String address, String server, String key, int modifier1) {
        Subscription read = Subscription.parse(text).getFirst();
        assertThat(read.address()).isEqualTo(address);
        assertThat(read.server()).isEqualTo(server);
        assertThat(read.key()).isEqualTo(key);
        assertThat(read.modifier1()).isEqualTo(modifier1);
    }

    @Test
    void aFileHasManyKeys() throws Exception {
        Path keys = Files.writeString(directory.resolve("keys"), "a.org\n# no\n\nb.org,9\n");
        assertThat(Subscription.parse("127.0.0.1:4040:@" + keys))
                .extracting(Subscription::key, Subscription::modifier1)
                .containsExactly(tuple("a.org", 0), tuple("b.org", 9));
    }

    @Test
    void namedPartsSayMore() {
        Subscription read = Subscription.parseNamed("server=127.0.0.1:1,key=k,addr=10.0.0.1:2,weight=7,modifier2=3");
        assertThat(read.weight()).isEqualTo(7);
        assertThat(read.modifier2()).isEqualTo(3);
        assertThat(read.address()).isEqualTo("10.0.0.1:2");
    }

    @Test
    void uwsgisOtherPartsAreTakenToo() {
        Subscription read = Subscription.parseNamed(
                "server=127.0.0.1:1,key=k,addr=10.0.0.1:2,socket=1,check=/tmp/off,sni_key=/k.pem,sni_crt=/c.pem,sni_ca=/a.pem");
        assertThat(read.socket()).isEqualTo(1);
        assertThat(read.address()).as("a socket's number stands above addr").isEmpty();
        assertThat(read.check()).isEqualTo("/tmp/off");
        assertThat(read.certificates()).isEqualTo(Map.of("sni_key", "/k.pem", "sni_crt", "/c.pem", "sni_ca", "/a.pem"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:4040", "app", "127.0.0.1:4040:", "127.0.0.1:1:k,999", "127.0.0.1:1:k,0,nothing"})
    void whatIsWrongIsTold(String text) {
        assertThatThrownBy(() -> Subscription.parse(text)).isInstanceOf(ConfigException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"server=a:1", "key=k", "server=a:1,key=k,colour=red", "server=a:1,key=k,weight=x"})
    void whatIsWrongWithNamedPartsIsTold(String text) {
        assertThatThrownBy(() -> Subscription.parseNamed(text)).isInstanceOf(ConfigException.class);
    }
}
