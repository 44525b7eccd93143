package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Another program that juwsgi is paired with, from the distribution, on a port of its own. */
final class ForeignServer implements AutoCloseable {
    private final Process process;
    private final Path output;
    private final int port;

    private ForeignServer(Process process, Path output, int port) {
        this.process = process;
        this.output = output;
        this.port = port;
    }

    /** Starts a real nginx whose {@code http} block holds {@code http}. */
    static ForeignServer nginx(Path directory, int port, String http) throws Exception {
        Path conf = directory.resolve("nginx.conf");
        // Its workers would be somebody who cannot read what tests write.
        String user = "root".equals(System.getProperty("user.name")) ? "user root;" : "";
        Files.writeString(conf, """
                daemon off;
                %3$s
                pid %1$s/nginx.pid;
                error_log stderr;
                worker_processes 1;
                events { worker_connections 512; }
                http {
                access_log off;
                client_body_temp_path %1$s/body;
                proxy_temp_path %1$s/proxy;
                fastcgi_temp_path %1$s/fastcgi;
                scgi_temp_path %1$s/scgi;
                uwsgi_temp_path %1$s/uwsgi;
                client_max_body_size 0;
                %2$s
                }
                """.formatted(directory, http, user));
        return start(directory, port, List.of("/usr/sbin/nginx", "-c", conf.toString(), "-p", directory.toString()));
    }

    /** Starts a real Apache that proxies by {@code directives}. */
    static ForeignServer apache(Path directory, int port, String directives) throws Exception {
        Path conf = directory.resolve("apache.conf");
        Files.writeString(conf, """
                ServerRoot %1$s
                ServerName localhost
                PidFile %1$s/apache.pid
                ErrorLog /dev/stderr
                Listen 127.0.0.1:%2$d
                LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
                LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
                LoadModule http2_module /usr/lib/apache2/modules/mod_http2.so
                LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
                LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
                LoadModule proxy_uwsgi_module /usr/lib/apache2/modules/mod_proxy_uwsgi.so
                LoadModule env_module /usr/lib/apache2/modules/mod_env.so
                LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so
                DefaultRuntimeDir %1$s
                Mutex file:%1$s default
                %3$s
                """.formatted(directory, port, directives));
        return start(directory, port, List.of("/usr/sbin/apache2", "-f", conf.toString(), "-DFOREGROUND"));
    }

    /** Starts a real uWSGI with one HTTP socket, the distribution's Python and these plugins. */
    static ForeignServer uwsgi(Path directory, int port, String plugins, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "uwsgi-core", "--plugins", "python3," + plugins, "--http-socket", "127.0.0.1:" + port, "--need-app"));
        command.addAll(List.of(arguments));
        return start(directory, port, command);
    }

    /** Starts a real HAProxy with sections behind the usual time-outs. */
    static ForeignServer haproxy(Path directory, int port, String sections) throws Exception {
        Path conf = directory.resolve("haproxy.cfg");
        Files.writeString(conf, """
                defaults
                    timeout connect 30s
                    timeout client 60s
                    timeout server 60s
                %s
                """.formatted(sections));
        return start(directory, port, List.of("/usr/sbin/haproxy", "-db", "-f", conf.toString()));
    }

    /** Starts a real Caddy, which leaves no trace elsewhere and has no admin port. */
    static ForeignServer caddy(Path directory, int port, String sites) throws Exception {
        Path conf = directory.resolve("Caddyfile");
        Files.writeString(conf, """
                {
                	admin off
                	auto_https off
                }
                %s
                """.formatted(sites));
        return start(
                directory,
                port,
                List.of(
                        "/usr/bin/env",
                        "XDG_CONFIG_HOME=" + directory,
                        "XDG_DATA_HOME=" + directory,
                        "/usr/bin/caddy",
                        "run",
                        "--adapter",
                        "caddyfile",
                        "--config",
                        conf.toString()));
    }

    /** Starts a real uWSGI with {@code app.py} of the directory behind the uwsgi protocol. */
    static ForeignServer uwsgiApp(Path directory, int port, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/uwsgi", "--plugin", "python3,ping", "--die-on-term", "--need-app", "--module", "app:app"));
        command.addAll(List.of("--socket", "127.0.0.1:" + port));
        command.addAll(List.of(more));
        return start(directory, port, command);
    }

    /** Starts a real uWSGI that routes HTTP to servers that subscribe at a UDP port. */
    static ForeignServer uwsgiRouter(Path directory, int port, int subscriptions) throws Exception {
        return start(
                directory,
                port,
                List.of(
                        "/usr/bin/uwsgi",
                        "--plugin=http",
                        "--master",
                        "--die-on-term",
                        "--http=127.0.0.1:" + port,
                        "--http-subscription-server=127.0.0.1:" + subscriptions));
    }

    /** Starts a real Gunicorn with {@code app.py} of the directory. */
    static ForeignServer gunicorn(Path directory, int port) throws Exception {
        return start(
                directory,
                port,
                List.of(
                        "/usr/bin/gunicorn",
                        "--worker-class=gthread",
                        "--threads=4",
                        "--bind=127.0.0.1:" + port,
                        "app:app"));
    }

    /** Starts a real Waitress with {@code app.py} of the directory. */
    static ForeignServer waitress(Path directory, int port) throws Exception {
        return start(directory, port, List.of("/usr/bin/waitress-serve", "--listen=127.0.0.1:" + port, "app:app"));
    }

    /** Starts a server that a Python script is, with its port as the first argument. */
    static ForeignServer script(Path directory, int port, String script, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(Apps.PYTHON, script, Integer.toString(port)));
        command.addAll(List.of(more));
        return start(directory, port, command);
    }

    /** Starts nghttp2's server with the files of the directory, over HTTP/2 in plain text. */
    static ForeignServer nghttpd(Path directory, int port, String... options) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("/usr/sbin/nghttpd", "--no-tls", "--address=127.0.0.1", "--htdocs=" + directory));
        command.addAll(List.of(options));
        command.add(Integer.toString(port));
        return start(directory, port, command);
    }

    /** Starts a real PHP-FPM. */
    static ForeignServer phpFpm(Path directory, int port) throws Exception {
        Path conf = directory.resolve("fpm.conf");
        Files.writeString(conf, """
                [global]
                error_log = %1$s/fpm.log
                daemonize = no
                [www]
                user = root
                group = root
                listen = 127.0.0.1:%2$d
                pm = static
                pm.max_children = 2
                catch_workers_output = yes
                ping.path = /ping
                """.formatted(directory, port));
        try (Stream<Path> programs = Files.list(Path.of("/usr/sbin"))) {
            Path fpm = programs.filter(p -> p.getFileName().toString().startsWith("php-fpm"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("PHP-FPM is not installed"));
            return start(
                    directory,
                    port,
                    List.of(
                            fpm.toString(),
                            "--nodaemonize",
                            "--allow-to-run-as-root",
                            "--fpm-config",
                            conf.toString()));
        }
    }

    /** Starts a real Redis that keeps nothing on disk. */
    static ForeignServer redis(Path directory, int port, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/redis-server",
                "--bind",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--save",
                "",
                "--dir",
                directory.toString()));
        command.addAll(List.of(options));
        return start(directory, port, command);
    }

    /** Starts a real dnsmasq that knows these records of the zone {@code test} and asks nobody. */
    static ForeignServer dnsmasq(Path directory, int port, String... records) throws Exception {
        Path conf = Files.writeString(directory.resolve("dnsmasq.conf"), """
                port=%d
                listen-address=127.0.0.1
                bind-interfaces
                no-resolv
                no-hosts
                user=%s
                pid-file=
                local=/test/
                %s
                """.formatted(
                        port, System.getProperty("user.name"), String.join("\n", records)));
        return start(directory, port, List.of("/usr/sbin/dnsmasq", "--keep-in-foreground", "--conf-file=" + conf));
    }

    /** Starts a real Varnish in front of a server on this machine. */
    static ForeignServer varnish(Path directory, int port, String vcl) throws Exception {
        Path conf = Files.writeString(directory.resolve("default.vcl"), vcl);
        return start(
                directory,
                port,
                List.of(
                        "/usr/sbin/varnishd",
                        "-F",
                        "-j",
                        "none",
                        "-n",
                        directory.resolve("varnish").toString(),
                        "-a",
                        "127.0.0.1:" + port,
                        "-f",
                        conf.toString(),
                        "-s",
                        "malloc,64m"));
    }

    /** Kills it, with the processes that it has started, as the kernel does when there is no memory left. */
    void kill() throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly().waitFor();
        children.forEach(ProcessHandle::destroyForcibly);
        children.forEach(child -> child.onExit().join());
    }

    /** Asks it by SIGHUP to reload. */
    void reload() throws Exception {
        assertThat(new ProcessBuilder("kill", "-HUP", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Starts a real Redis Sentinel; it writes into its configuration. */
    static ForeignServer redisSentinel(Path directory, int port, String configuration) throws Exception {
        Path file =
                Files.writeString(directory.resolve("sentinel.conf"), """
                port %d
                bind 127.0.0.1
                dir %s
                %s
                """.formatted(port, directory, configuration));
        return start(directory, port, List.of("/usr/bin/redis-server", file.toString(), "--sentinel"));
    }

    private static ForeignServer start(Path directory, int port, List<String> command) throws Exception {
        Path output = directory.resolve("output.log");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        ForeignServer server = new ForeignServer(process, output, port);
        server.awaitAccepting();
        return server;
    }

    private void awaitAccepting() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (ConnectException e) {
                assertThat(process.waitFor(20, TimeUnit.MILLISECONDS))
                        .as("%s", Files.readString(output))
                        .isFalse();
            }
        }
        throw new AssertionError("it does not accept connections: " + Files.readString(output));
    }

    /** Returns a TCP port on the loopback address that was free a moment ago. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    String base() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
