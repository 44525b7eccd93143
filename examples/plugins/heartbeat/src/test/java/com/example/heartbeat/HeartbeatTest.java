package com.example.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.juwsgi.spi.Plugin;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.Waiting;
import io.juwsgi.testkit.contract.ServiceContract;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeartbeatTest extends ServiceContract {
    private final AtomicInteger status = new AtomicInteger(200);
    private HttpServer monitor;

    @BeforeEach
    void startMonitor() throws Exception {
        monitor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        monitor.createContext("/ping", exchange -> {
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        monitor.start();
    }

    @AfterEach
    void stopMonitor() {
        monitor.stop(0);
    }

    @Override
    protected Plugin plugin() {
        return new HeartbeatPlugin();
    }

    @Override
    protected String service() {
        return "heartbeat";
    }

    @Override
    protected List<String> options() {
        return List.of(
                "--heartbeat-url", "http://127.0.0.1:" + monitor.getAddress().getPort() + "/ping");
    }

    @Test
    void beatsAgainAndAgainAndCountsWhatFails() throws Exception {
        String url = options().getLast();
        try (PluginUnderTest plugin =
                PluginUnderTest.of(plugin()).start("--heartbeat-url", url, "--heartbeat-every", "5ms")) {
            Waiting.until("three beats", () -> plugin.metrics().number("heartbeat_beats") >= 3);
            status.set(503);
            Waiting.until("failures", () -> plugin.metrics().number("heartbeat_failures") >= 3);
            assertThatThrownBy(() -> plugin.control("heartbeat", "now")).hasMessage("answered 503");
            status.set(204);
            double before = plugin.metrics().number("heartbeat_beats");
            Waiting.until("it to come back", () -> plugin.metrics().number("heartbeat_beats") > before);
            assertThat(plugin.control("heartbeat", "now")).containsKeys("url", "beats", "failures");
        }
    }

    @Test
    void aReloadKeepsTheCounts() throws Exception {
        try (PluginUnderTest plugin = started()) {
            Waiting.until("a beat", () -> plugin.metrics().number("heartbeat_beats") >= 1);
            monitor.stop(0);
            plugin.reload(arguments());
            assertThat(plugin.metrics().number("heartbeat_beats")).isGreaterThanOrEqualTo(1);
        }
    }

    @Test
    void wrongSettingsAreTold() {
        assertThatThrownBy(() -> PluginUnderTest.of(plugin()).start("--heartbeat-url", "ftp://x"))
                .hasMessageContaining("heartbeat-url: ftp://x (expected: http://... or https://...)");
    }
}
