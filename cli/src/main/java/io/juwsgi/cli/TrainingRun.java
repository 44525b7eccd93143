package io.juwsgi.cli;

import io.juwsgi.cli.log.StandardLog;
import io.juwsgi.cli.plugin.PluginRegistry;
import io.juwsgi.config.ConfigReader;
import io.juwsgi.config.Configuration;
import io.juwsgi.config.OptionRegistry;
import io.juwsgi.router.BoundListener;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * {@code juwsgi training-run DIRECTORY}: serves the application in a directory to itself for a moment, so that the build
 * can record which classes and methods a start needs.
 */
final class TrainingRun {
    /** Enough that the JIT compiler has looked at every step of a request. */
    private static final int REQUESTS = 3000;

    private TrainingRun() {}

    static int run(List<String> args, OptionRegistry options, PluginRegistry plugins) {
        Path directory = Path.of(args.getFirst());
        Configuration configuration = new ConfigReader(options, Path.of(""), Map.of())
                .read(List.of(
                        "--http",
                        "127.0.0.1:0",
                        "--wsgi-file",
                        directory.resolve("app.py").toString(),
                        "--callable",
                        "app",
                        "--processes",
                        "2",
                        "--threads",
                        "2"));
        Server server = new Server(
                configuration.settings(), configuration::settings, List.of(), plugins, StandardLog.instance());
        var _ = server.running()
                .thenAccept(running -> Thread.ofPlatform().start(() -> {
                    train(running.listeners().getFirst());
                    running.stop().run();
                }));
        return server.run();
    }

    private static void train(BoundListener listener) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            byte[] request = "GET /training HTTP/1.1\r\nHost: localhost\r\nUser-Agent: training\r\nAccept: */*\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
            byte[] last = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
            InputStream in = socket.getInputStream();
            byte[] answer = new byte[64 * 1024];
            for (int i = 0; i < REQUESTS; i++) {
                socket.getOutputStream().write(request);
                if (in.read(answer) < 0) {
                    throw new IOException("the server closed the connection");
                }
            }
            socket.getOutputStream().write(last);
            while (in.read(answer) >= 0) {
                // Until the server closes.
            }
        } catch (IOException e) {
            StandardLog.instance().line("training run: " + e.getMessage());
        }
    }
}
