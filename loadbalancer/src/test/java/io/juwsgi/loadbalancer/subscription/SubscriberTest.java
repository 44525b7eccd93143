package io.juwsgi.loadbalancer.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Origin;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.protocol.subscription.SubscriptionPacket;
import io.juwsgi.protocol.uwsgi.UwsgiHeader;
import io.juwsgi.protocol.uwsgi.UwsgiVariables;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server says of itself, heard by a real socket. */
@Timeout(60)
class SubscriberTest {
    private static final Option<List<String>> SOCKET = Option.list("socket");
    private static final Option<Optional<String>> PROCESSES = Option.text("processes");

    @TempDir
    Path directory;

    private final List<Setting> settings = new ArrayList<>();
    private DatagramSocket router;
    private ServerSocket one;
    private ServerSocket two;
    private Subscriber subscriber;

    @BeforeEach
    void sockets() throws IOException {
        router = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        router.setSoTimeout(30_000);
        one = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        two = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        set(SOCKET, address(one));
        set(SOCKET, address(two));
    }

    @AfterEach
    void close() throws Exception {
        if (subscriber != null) {
            subscriber.close();
        }
        router.close();
        one.close();
        two.close();
    }

    private static String address(ServerSocket socket) {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private void set(Option<?> option, String value) {
        settings.add(new Setting(option, value, Origin.COMMAND_LINE));
    }

    /** Begins to announce; {@code parts} are those of subscribe2 behind server and key. */
    private void start(String parts) {
        set(SubscriptionOptions.SUBSCRIBE2, "server=127.0.0.1:" + router.getLocalPort() + ",key=k" + parts);
        set(SubscriptionOptions.FREQUENCY, "1");
        subscriber = new Subscriber(new Settings(settings), System.getLogger("test"));
        subscriber.start();
    }

    private byte[] hear() throws IOException {
        DatagramPacket came = new DatagramPacket(new byte[8192], 8192);
        router.receive(came);
        return Arrays.copyOf(came.getData(), came.getLength());
    }

    private SubscriptionPacket packet() throws Exception {
        return SubscriptionPacket.read(hear());
    }

    @Test
    void theFirstSocketIsAnnouncedAndAGoodbyeIsNewerThanThat() throws Exception {
        start("");
        SubscriptionPacket hello = packet();
        assertThat(hello.address()).isEqualTo(address(one));
        assertThat(hello.weight()).isEqualTo(1);
        subscriber.leaving(false);
        SubscriptionPacket last = packet();
        while (!last.leaves()) {
            hello = last;
            last = packet();
        }
        // Or a router that guards against replays would not take one of the same second.
        assertThat(last.unix()).isGreaterThan(hello.unix());
    }

    @Test
    void theOptionsOfUwsgiSayMore() throws Exception {
        set(PROCESSES, "6");
        set(SubscriptionOptions.AUTO_WEIGHT, "true");
        set(SubscriptionOptions.MODIFIER1, "7");
        start(",socket=1,modifier1=5,modifier2=2");
        SubscriptionPacket hello = packet();
        assertThat(hello.address()).isEqualTo(address(two));
        assertThat(hello.weight()).isEqualTo(6);
        assertThat(hello.modifier1()).isEqualTo(7);
        assertThat(hello.modifier2()).isEqualTo(2);
    }

    @Test
    void anOwnWeightStandsAboveThatOfTheServer() throws Exception {
        set(SubscriptionOptions.WEIGHT, "4");
        start(",weight=9");
        assertThat(packet().weight()).isEqualTo(9);
    }

    @Test
    void certificatesForANameAreTold() throws Exception {
        start(",sni_key=/k.pem,sni_crt=/c.pem");
        byte[] bytes = hear();
        Map<String, String> all = new TreeMap<>();
        UwsgiVariables.read(bytes, UwsgiHeader.SIZE, bytes.length, all::put);
        assertThat(all).containsEntry("sni_key", "/k.pem").containsEntry("sni_crt", "/c.pem");
    }

    @Test
    void oneThatStartsUnsubscribedWaitsForTheWord() throws Exception {
        set(SubscriptionOptions.START_UNSUBSCRIBED, "true");
        start("");
        assertThat(subscriber.control(List.of()).toString()).isEqualTo("{announced=false}");
        subscriber.control(List.of("pause"));
        assertThat(packet().leaves()).as("the first that is heard").isTrue();
        subscriber.control(List.of("resume"));
        assertThat(packet().leaves()).isFalse();
    }

    /** As uWSGI does it, whatever its documentation says. */
    @Test
    void aFileKeepsItSilent() throws Exception {
        Path off = Files.createFile(directory.resolve("off"));
        start(",check=" + off);
        subscriber.control(List.of("pause"));
        assertThat(packet().leaves()).as("the first that is heard").isTrue();
        subscriber.control(List.of("resume"));
        Files.delete(off);
        assertThat(packet().leaves()).isFalse();
    }

    @Test
    void aSocketThatIsNotThereIsToldAtTheStart() {
        assertThatThrownBy(() -> start(",socket=2"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("there is no socket to announce");
    }
}
