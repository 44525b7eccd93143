package io.juwsgi.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.spi.balance.Discovery;
import io.juwsgi.spi.balance.Member;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that follow what a name's addresses are. */
class DnsTest {
    private static final System.Logger LOG = System.getLogger(DnsTest.class.getName());

    private volatile String[] addresses = {"192.0.2.2", "192.0.2.1"};
    private final AtomicInteger asked = new AtomicInteger();

    private final Discovery dns = new DnsSettings(Duration.ofMillis(100)).discovery(LOG, name -> {
        asked.incrementAndGet();
        String[] now = addresses;
        if (now.length == 0) {
            throw new UnknownHostException(name);
        }
        InetAddress[] found = new InetAddress[now.length];
        for (int i = 0; i < now.length; i++) {
            found[i] = InetAddress.ofLiteral(now[i]);
        }
        return found;
    });

    @Test
    void membersFollowTheAddressesAndStayWhenTheLookUpFails() throws Exception {
        BlockingQueue<List<Member>> heard = new LinkedBlockingQueue<>();
        try (AutoCloseable _ = dns.watch("app.internal:9000", heard::add)) {
            assertThat(heard.poll(30, TimeUnit.SECONDS))
                    .containsExactly(Member.of("192.0.2.1:9000"), Member.of("192.0.2.2:9000"));
            addresses = new String[] {"192.0.2.2", "2001:db8::3"};
            assertThat(heard.poll(30, TimeUnit.SECONDS))
                    .containsExactly(Member.of("192.0.2.2:9000"), Member.of("[2001:db8:0:0:0:0:0:3]:9000"));
            addresses = new String[0];
            int before = asked.get();
            while (asked.get() < before + 3) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertThat(heard).isEmpty();
            addresses = new String[] {"192.0.2.9"};
            assertThat(heard.poll(30, TimeUnit.SECONDS)).containsExactly(Member.of("192.0.2.9:9000"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.internal", ":9000", "app:port", "app:0"})
    void aTargetIsANameAndAPort(String target) {
        assertThatThrownBy(() -> dns.watch(target, members -> {})).isInstanceOf(ConfigException.class);
    }
}
