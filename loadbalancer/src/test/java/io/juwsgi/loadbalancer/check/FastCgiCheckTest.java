package io.juwsgi.loadbalancer.check;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.loadbalancer.LoadBalancerPlugin;
import io.juwsgi.spi.balance.CheckTarget;
import io.juwsgi.spi.balance.HealthCheck;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.Waiting;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The FastCGI health check, and a real PHP-FPM. */
class FastCgiCheckTest {
    @TempDir
    Path directory;

    private Process fpm;
    private UnixDomainSocketAddress socket;

    @BeforeEach
    void startFpm() throws Exception {
        socket = UnixDomainSocketAddress.of(directory.resolve("fpm.sock"));
        Path conf = Files.writeString(
                directory.resolve("fpm.conf"), """
                [global]
                error_log = %1$s/fpm.log
                daemonize = no
                [www]
                user = %2$s
                listen = %3$s
                pm = static
                pm.max_children = 1
                ping.path = /ping
                ping.response = well
                """.formatted(directory, System.getProperty("user.name"), socket));
        try (Stream<Path> programs = Files.list(Path.of("/usr/sbin"))) {
            Path program = programs.filter(p -> p.getFileName().toString().startsWith("php-fpm"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("PHP-FPM is not installed"));
            fpm = new ProcessBuilder(program.toString(), "--allow-to-run-as-root", "--fpm-config", conf.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output.log").toFile())
                    .start();
        }
        Waiting.until("PHP-FPM to listen", () -> {
            try (SocketChannel channel = SocketChannel.open(socket)) {
                return channel.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
    }

    @AfterEach
    void endFpm() throws Exception {
        fpm.destroy();
        fpm.waitFor();
    }

    private void check(String path, String... options) throws Exception {
        HealthCheck check =
                PluginUnderTest.of(new LoadBalancerPlugin()).start(options).component(HealthCheck.class, "fastcgi");
        check.check(new CheckTarget(socket.toString(), socket, path, "localhost", Duration.ofSeconds(30)));
    }

    @Test
    void itsPingIsAnswered() throws Exception {
        // One child serves them all: each connection is given back.
        for (int i = 0; i < 5; i++) {
            check("/ping");
        }
        assertThatThrownBy(() -> check("/ping", "--check-fastcgi-status", "300-399"))
                .hasMessage("answered 200");
    }

    @Test
    void aScriptSaysMore() throws Exception {
        Path script = Files.writeString(directory.resolve("health.php"), """
                <?php
                error_log('a complaint');
                http_response_code($_GET['code'] + 0);
                echo str_repeat('x', 200000);
                """);
        check(script + "?code=204");
        assertThatThrownBy(() -> check(script + "?code=503")).hasMessage("answered 503: PHP message: a complaint");
        assertThatThrownBy(() -> check(directory + "/none.php")).hasMessage("answered 404: Primary script unknown");
        assertThatCode(() -> check(directory + "/none.php", "--check-fastcgi-status", "404-404"))
                .doesNotThrowAnyException();
    }
}
