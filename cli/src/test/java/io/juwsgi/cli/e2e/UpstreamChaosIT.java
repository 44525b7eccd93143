package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One of three real servers is killed each second, under load: no idempotent request fails. Bounded to some seconds a test;
 * {@code -Djuwsgi.chaos.seconds=60} gives it more.
 */
@Timeout(300)
class UpstreamChaosIT {
    private static final int SECONDS = Integer.getInteger("juwsgi.chaos.seconds", 4);

    @TempDir
    Path directory;

    enum Kind {
        UWSGI("", "uwsgi") {
            @Override
            ForeignServer start(Path directory, int port) throws Exception {
                return ForeignServer.uwsgiApp(directory, port);
            }
        },
        HTTP("http://", "http, path = /pid") {
            @Override
            ForeignServer start(Path directory, int port) throws Exception {
                return ForeignServer.gunicorn(directory, port);
            }
        },
        H2C("h2c://", "tcp") {
            @Override
            ForeignServer start(Path directory, int port) throws Exception {
                Files.writeString(directory.resolve("pid"), Integer.toString(port));
                return ForeignServer.nghttpd(directory, port);
            }
        };

        private final String scheme;
        private final String check;

        Kind(String scheme, String check) {
            this.scheme = scheme;
            this.check = check;
        }

        abstract ForeignServer start(Path directory, int port) throws Exception;
    }

    private static final class Fleet implements AutoCloseable {
        private final Kind kind;
        private final List<Path> directories = new ArrayList<>();
        private final List<ForeignServer> servers = new ArrayList<>();

        Fleet(Kind kind, Path parent) throws Exception {
            this.kind = kind;
            for (int i = 0; i < 3; i++) {
                Path own = Files.createDirectory(parent.resolve("server" + i));
                directories.add(Apps.write(own, Apps.PATHS));
                servers.add(kind.start(own, ForeignServer.freePort()));
            }
        }

        String addresses() {
            return String.join(
                    ", ",
                    servers.stream()
                            .map(server -> '"' + kind.scheme + server.address() + '"')
                            .toList());
        }

        void kill(int index) throws Exception {
            servers.get(index).kill();
        }

        void startAgain(int index) throws Exception {
            servers.set(
                    index, kind.start(directories.get(index), servers.get(index).port()));
        }

        @Override
        public void close() throws Exception {
            for (ForeignServer server : servers) {
                server.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void killedServersCostNoIdempotentRequest(Kind kind) throws Exception {
        try (Fleet fleet = new Fleet(kind, directory)) {
            Files.writeString(directory.resolve("juwsgi.conf"), """
                    http = "127.0.0.1:0"
                    stats = "127.0.0.1:0"
                    upstreams {
                      app {
                        servers = [%s]
                        balance = least-connections
                        check { _ = %s, interval = 200ms }
                        eject-time = 300ms
                      }
                    }
                    routes { all { upstream = app } }
                    """.formatted(fleet.addresses(), kind.check));
            try (RunningServer server = RunningServer.start(directory, "--conf", "juwsgi.conf");
                    Clients clients = new Clients(server, 6)) {
                clients.awaitAnswers(100);
                for (int second = 0; second < SECONDS; second++) {
                    long next = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
                    fleet.kill(second % 3);
                    clients.awaitAnswers(50);
                    fleet.startAgain(second % 3);
                    clients.awaitAnswers(50);
                    TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
                }
                System.out.println("chaos: kills of " + kind + " servers: " + SECONDS + ", requests: "
                        + clients.answered() + ", kinds of failures: "
                        + clients.failures().size());
                assertThat(clients.failures()).isEmpty();
                assertThat(clients.pids()).hasSizeGreaterThanOrEqualTo(3);
                assertThat(server.stats())
                        .contains("\"upstreams\":[{\"name\":\"app\"", "\"failures\":", "\"state\":\"");
            }
        }
    }
}
