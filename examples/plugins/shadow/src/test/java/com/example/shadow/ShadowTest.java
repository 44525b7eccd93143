package com.example.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import io.juwsgi.spi.Plugin;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.TestChain;
import io.juwsgi.testkit.TestRequest;
import io.juwsgi.testkit.contract.FilterContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShadowTest extends FilterContract {
    private record Copy(String method, String target, Headers fields) {}

    private final BlockingQueue<Copy> copies = new LinkedBlockingQueue<>();
    private HttpServer other;

    @BeforeEach
    void startTheOther() throws IOException {
        other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            copies.add(new Copy(
                    exchange.getRequestMethod(), exchange.getRequestURI().toString(), exchange.getRequestHeaders()));
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
        });
        other.start();
    }

    @AfterEach
    void stopTheOther() {
        other.stop(0);
    }

    @Override
    protected Plugin plugin() {
        return new ShadowPlugin();
    }

    @Override
    protected List<String> options() {
        return List.of("--shadow-to", "http://127.0.0.1:" + other.getAddress().getPort());
    }

    private Copy copy() throws InterruptedException {
        Copy copy = copies.poll(30, TimeUnit.SECONDS);
        assertThat(copy).as("a copy within 30 s").isNotNull();
        return copy;
    }

    @Test
    void theOtherServerIsAskedTheSameAndItsAnswerForgotten() throws Exception {
        try (TestChain chain = TestChain.of(plugin(), arguments())) {
            chain.application().answers(200, "mine");
            TestRequest request = TestRequest.get("/a%20b?c=d")
                    .field("Accept", "text/html")
                    .field("Cookie", "session=secret")
                    .field("Connection", "close");
            assertThat(chain.send(request).text()).isEqualTo("mine");
            Copy copy = copy();
            assertThat(copy.method()).isEqualTo("GET");
            assertThat(copy.target()).isEqualTo("/a%20b?c=d");
            assertThat(copy.fields().getFirst("Accept")).isEqualTo("text/html");
            assertThat(copy.fields().getFirst("X-Forwarded-Host")).isEqualTo("example.org");
            assertThat(copy.fields()).doesNotContainKey("Cookie");
        }
    }

    @Test
    void whatMayChangeSomethingIsNotCopied() throws Exception {
        try (TestChain chain = TestChain.of(plugin(), arguments())) {
            chain.send(TestRequest.post("/"));
            chain.send(chain.exchange(TestRequest.get("/with-body")).body("x"));
            chain.get("/last");
            assertThat(copy().target()).isEqualTo("/last");
        }
    }

    @Test
    void aPartOfTheRequestsIsCopied() throws Exception {
        String[] half = {arguments()[0], arguments()[1], "--shadow-percent", "50", "--shadow-limit", "1000"};
        try (TestChain chain = TestChain.of(plugin(), half)) {
            for (int i = 0; i < 200; i++) {
                chain.get("/" + i);
            }
            for (int i = 0; i < 100; i++) {
                copy();
            }
        }
        assertThat(copies).isEmpty();
    }

    @Test
    void aServerThatIsNotThereHurtsNobody() throws Exception {
        other.stop(0);
        try (TestChain chain = TestChain.of(plugin(), arguments())) {
            assertThat(chain.get("/").status()).isEqualTo(200);
            assertThat(chain.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void wrongSettingsAreTold() {
        assertThatThrownBy(() -> PluginUnderTest.of(plugin()).start("--shadow-to", "localhost:80"))
                .hasMessageContaining("shadow-to: localhost:80 (expected: http://HOST:PORT, without a path)");
        assertThatThrownBy(() -> PluginUnderTest.of(plugin()).start("--shadow-percent", "101"))
                .hasMessageContaining("shadow-to is not set");
    }
}
