package io.juwsgi.loadbalancer.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.config.Option;
import io.juwsgi.config.Origin;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.protocol.subscription.SubscriptionPacket;
import io.juwsgi.spi.balance.Member;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Datagrams to a real socket: what is taken, what is passed on and from where, and that nothing else does harm. */
@Timeout(60)
class SubscriptionServerTest {
    private final BlockingQueue<List<Member>> changes = new LinkedBlockingQueue<>();
    private final Lines log = new Lines();
    private final List<AutoCloseable> open = new ArrayList<>();

    /** Keeps what is logged. */
    private static final class Lines implements System.Logger {
        final BlockingQueue<String> all = new LinkedBlockingQueue<>();

        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
            all.add(level + " " + message);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... params) {
            all.add(level + " " + java.text.MessageFormat.format(format, params));
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private DatagramSocket socket() throws IOException {
        DatagramSocket made = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        made.setSoTimeout(30_000);
        open.add(made);
        return made;
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Settings settings(Object... optionsAndValues) {
        List<Setting> all = new ArrayList<>();
        for (int i = 0; i < optionsAndValues.length; i += 2) {
            all.add(new Setting(
                    (Option<?>) optionsAndValues[i], (String) optionsAndValues[i + 1], Origin.COMMAND_LINE));
        }
        return new Settings(all);
    }

    private static final Option<Optional<String>> SERVER = Option.text("http-subscription-server");

    private int serve(Object... more) throws IOException {
        int port = freePort();
        String address = "127.0.0.1:" + port;
        List<Object> all = new ArrayList<>(List.of(SERVER, address));
        all.addAll(List.of(more));
        Subscribers subscribers = new Subscribers(
                Duration.ofSeconds(60), SignCheck.of(Optional.empty(), 0, Instant::now), System::nanoTime);
        var _ = subscribers.watch((key, members) -> changes.add(members));
        open.add(SubscriptionServer.open(
                address, subscribers, Resubscription.of(settings(all.toArray())).at(address), log));
        return port;
    }

    private static byte[] announce(String address) {
        return SubscriptionPacket.of(false, "k", address, 0, 0, 3, 1, 1_800_000_000)
                .bytes();
    }

    private void send(int port, byte[] bytes) throws IOException {
        DatagramSocket from = socket();
        from.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
    }

    private List<Member> change() throws InterruptedException {
        List<Member> members = changes.poll(30, TimeUnit.SECONDS);
        assertThat(members).as("a change; the log has %s", log.all).isNotNull();
        return members;
    }

    @Test
    void whatIsNoAnnouncementChangesNothingAndIsToldOnce() throws Exception {
        int port = serve();
        byte[] good = announce("10.0.0.1:3031");
        byte[] cut = Arrays.copyOf(good, good.length - 3);
        byte[] longer = Arrays.copyOf(good, good.length + 5000);
        for (byte[] bad : List.of(
                new byte[0],
                new byte[] {(byte) 224},
                "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                cut,
                longer,
                new byte[60_000],
                announce("evil.example:3031"),
                announce("10.0.0.1:99999"))) {
            send(port, bad);
        }
        send(port, good);
        assertThat(change()).extracting(Member::address).containsExactly("10.0.0.1:3031");
        assertThat(changes).isEmpty();
        assertThat(log.all.stream().filter(line -> line.startsWith("WARNING")))
                .singleElement()
                .asString()
                .contains("an announcement of 127.0.0.1 is not taken: subscription: ");
        assertThat(log.all).noneMatch(line -> line.startsWith("ERROR"));
    }

    @Test
    void announcementsArePassedOnAsTheyCameFromTheAddressThatIsSet() throws Exception {
        DatagramSocket far = socket();
        int from = freePort();
        int port = serve(
                SubscriptionOptions.HTTP_RESUBSCRIBE,
                "127.0.0.1:" + far.getLocalPort(),
                SubscriptionOptions.FASTROUTER_RESUBSCRIBE_BIND,
                "127.0.0.1:" + from);
        byte[] good = announce("10.0.0.1:3031");
        send(port, announce("evil.example:3031"));
        send(port, good);
        DatagramPacket came = new DatagramPacket(new byte[8192], 8192);
        far.receive(came);
        assertThat(came.getPort()).isEqualTo(from);
        assertThat(came.getData()).startsWith(good);
        assertThat(came.getLength()).isEqualTo(good.length);
        // Without a host the far router would take the near one for the server.
        send(port, announce(":3032"));
        far.receive(came);
        SubscriptionPacket read = SubscriptionPacket.read(Arrays.copyOf(came.getData(), came.getLength()));
        assertThat(read.address()).isEqualTo("127.0.0.1:3032");
        assertThat(read.weight()).isEqualTo(3);
    }

    /** Two routers that name each other would pass one announcement on for ever. */
    @Test
    void routersThatNameEachOtherDoNotEcho() throws Exception {
        DatagramSocket far = socket();
        int port = serve(SubscriptionOptions.HTTP_RESUBSCRIBE, "127.0.0.1:" + far.getLocalPort());
        byte[] good = announce("10.0.0.1:3031");
        send(port, good);
        DatagramPacket came = new DatagramPacket(new byte[8192], 8192);
        far.receive(came);
        send(port, good);
        send(port, announce("10.0.0.2:3031"));
        far.receive(came);
        assertThat(SubscriptionPacket.read(Arrays.copyOf(came.getData(), came.getLength()))
                        .address())
                .isEqualTo("10.0.0.2:3031");
    }
}
