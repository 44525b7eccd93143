package io.juwsgi.cli;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.ConfigReader;
import io.juwsgi.config.OptionRegistry;
import io.juwsgi.config.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The options of uWSGI that do one thing and exit, instead of starting a server: scripts and service files are written with them.
 *
 * @param reader reads what names stand for
 * @param options every option
 * @param out takes what is printed
 */
record OneShot(ConfigReader reader, OptionRegistry options, PrintStream out) {

    /**
     * Does what one of these options asks for.
     *
     * @return the exit code, or empty when a server is to be started
     */
    Optional<Integer> run(Settings settings) {
        Optional<String> address = settings.get(CliOptions.CONNECT_AND_READ);
        List<String> names = settings.get(CliOptions.EXTRACT);
        if (settings.get(CliOptions.DUMP_OPTIONS)) {
            new TreeSet<>(options.names()).forEach(out::println);
        } else if (!names.isEmpty()) {
            names.forEach(name -> out.print(reader.textOf(name)));
        } else if (address.isPresent()) {
            copy(address.get());
        } else {
            return PidfileSignal.send(settings);
        }
        return Optional.of(0);
    }

    private void copy(String text) {
        SocketAddress address = address(text);
        try (SocketChannel channel = open(address);
                InputStream in = Channels.newInputStream(channel)) {
            in.transferTo(out);
        } catch (IOException e) {
            throw new ConfigException("connect-and-read: " + text + ": " + e.getMessage());
        }
    }

    private static SocketChannel open(SocketAddress address) throws IOException {
        if (address instanceof InetSocketAddress) {
            return SocketChannel.open(address);
        }
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(address);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static SocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || text.contains("/")) {
            return UnixDomainSocketAddress.of(text);
        }
        String host = text.substring(0, colon).replaceAll("^\\[|]$", "");
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            InetSocketAddress address = new InetSocketAddress(host.isEmpty() ? "127.0.0.1" : host, port);
            if (address.isUnresolved()) {
                throw new ConfigException("connect-and-read: " + text + ": there is no host " + host);
            }
            return address;
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    "connect-and-read: " + text + " (expected: HOST:PORT or the path of a Unix socket)");
        }
    }
}
