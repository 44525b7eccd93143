package io.juwsgi.loadbalancer;

import io.juwsgi.protocol.fastcgi.FastCgiHeader;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.balance.Discovery;
import io.juwsgi.spi.balance.HealthCheck;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.contract.DiscoveryContract;
import io.juwsgi.testkit.contract.HealthCheckContract;
import io.juwsgi.testkit.contract.PluginContract;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/** The plugin, its health checks and its discoveries against the contracts of the test kit; see BalancersTest for the rest. */
class ContractsTest extends PluginContract {
    @Override
    protected Plugin plugin() {
        return new LoadBalancerPlugin();
    }

    private static <T> T component(Class<T> type, String id) throws Exception {
        PluginUnderTest plugin = PluginUnderTest.of(new LoadBalancerPlugin());
        return plugin.start("--discover-file-interval", "10ms").component(type, id);
    }

    @Nested
    class ByTcp extends HealthCheckContract {
        @Override
        protected HealthCheck check() throws Exception {
            return component(HealthCheck.class, "tcp");
        }

        @Override
        protected void beWell(Socket connection) {
            // To have accepted is enough.
        }

        @Override
        protected boolean reads() {
            return false;
        }
    }

    @Nested
    class ByUwsgi extends HealthCheckContract {
        @Override
        protected HealthCheck check() throws Exception {
            return component(HealthCheck.class, "uwsgi");
        }

        @Override
        protected void beWell(Socket connection) throws IOException {
            if (connection.getInputStream().readNBytes(4)[0] == 100) {
                connection.getOutputStream().write(new byte[] {100, 0, 0, 1});
            }
        }
    }

    @Nested
    class ByHttp extends HealthCheckContract {
        @Override
        protected HealthCheck check() throws Exception {
            return component(HealthCheck.class, "http");
        }

        @Override
        protected void beWell(Socket connection) throws IOException {
            answer(connection, "HTTP/1.1 204 No Content\r\n\r\n");
        }

        @Override
        protected void beIll(Socket connection) throws IOException {
            answer(connection, "HTTP/1.1 503 Service Unavailable\r\n\r\n");
        }

        private void answer(Socket connection, String head) throws IOException {
            byte[] request = new byte[4096];
            if (connection.getInputStream().read(request) > 0) {
                connection.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    @Nested
    class ByFastCgi extends HealthCheckContract {
        @Override
        protected HealthCheck check() throws Exception {
            return component(HealthCheck.class, "fastcgi");
        }

        @Override
        protected void beWell(Socket connection) throws IOException {
            answer(connection, "Content-Type: text/plain\r\n\r\npong");
        }

        @Override
        protected void beIll(Socket connection) throws IOException {
            answer(connection, "Status: 500 Internal Server Error\n\n");
        }

        /** The content of the last record of a request is empty: that of its body. */
        private void answer(Socket connection, String text) throws IOException {
            byte[] header;
            do {
                header = connection.getInputStream().readNBytes(FastCgiHeader.SIZE);
                connection.getInputStream().skipNBytes((header[4] & 0xFF) << 8 | (header[5] & 0xFF));
            } while (header[1] != FastCgiHeader.STDIN);
            byte[] record = new byte[FastCgiHeader.SIZE + text.length()];
            new FastCgiHeader(FastCgiHeader.STDOUT, 1, text.length(), 0).write(record, 0);
            System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, record, FastCgiHeader.SIZE, text.length());
            connection.getOutputStream().write(record);
        }
    }

    @Nested
    class ByDns extends DiscoveryContract {
        @Override
        protected Discovery discovery() throws Exception {
            return component(Discovery.class, "dns");
        }

        @Override
        protected String target(Path directory) {
            return "127.0.0.1:9000";
        }

        @Override
        protected Set<String> addresses() {
            return Set.of("127.0.0.1:9000");
        }

        @Override
        protected List<String> wrongTargets() {
            return List.of("", "name", "name:", ":80", "name:http", "name:0");
        }
    }

    @Nested
    class ByFile extends DiscoveryContract {
        @Override
        protected Discovery discovery() throws Exception {
            return component(Discovery.class, "file");
        }

        @Override
        protected String target(Path directory) throws Exception {
            return Files.writeString(directory.resolve("members"), "10.0.0.1:9000\n/run/app.sock backup # spare\n")
                    .toString();
        }

        @Override
        protected Set<String> addresses() {
            return Set.of("10.0.0.1:9000", "/run/app.sock");
        }

        @Override
        protected Set<String> change(Path directory) throws Exception {
            Files.writeString(directory.resolve("members"), "10.0.0.2:9000 weight=3\n");
            return Set.of("10.0.0.2:9000");
        }

        @Override
        protected List<String> wrongTargets() {
            return List.of();
        }
    }
}
