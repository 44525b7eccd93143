package io.juwsgi.cli.control;

import io.juwsgi.config.ConfigException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code juwsgi ctl}: asks a running server for one thing and prints the answer. */
public final class ControlClient {
    private static final String USAGE = """
        usage: juwsgi ctl [--json] [--ctl-socket PATH | --pid PID] COMMAND [ARGUMENT ...]

          status                 the server as a whole
          workers                every worker process
          requests               what is not answered yet
          metrics [PART]         what the server counts; see --metrics for Prometheus
          reload [SCOPE]         all, brutal, chain, workers or workers-brutal
          stop [MODE]            graceful, quick or now
          kill REQUEST           end a request with 503
          trace WORKER           the stack of each core of a worker
          upgrade                let another process take over, with what is on the disk now
          help                   these, and what the server's plugins offer
        """;

    private boolean json;
    private @Nullable Path socket;
    private @Nullable String pid;
    private final List<String> words = new ArrayList<>();

    private ControlClient() {}

    /**
     * Runs the command.
     *
     * @param args what follows {@code ctl}
     * @return the exit code: 1 when the server refused
     * @throws ConfigException when the arguments are wrong, or no server answers
     */
    public static int run(List<String> args, PrintStream out) {
        ControlClient client = new ControlClient();
        client.read(args);
        if (client.words.isEmpty()) {
            out.print(USAGE);
            out.flush();
            return args.isEmpty() ? 0 : 1;
        }
        return client.ask(out);
    }

    private void read(List<String> args) {
        Iterator<String> rest = args.iterator();
        while (rest.hasNext()) {
            String arg = rest.next();
            switch (arg) {
                case "--json" -> json = true;
                case "--ctl-socket" -> socket = Path.of(value(arg, rest));
                case "--pid" -> pid = value(arg, rest);
                case "--" -> rest.forEachRemaining(words::add);
                default -> {
                    // Behind a command and what it is to do, options are the command's own.
                    if (arg.startsWith("--") && words.size() < 2) {
                        throw new ConfigException(
                                "ctl: " + arg + " (expected: --json, --ctl-socket PATH or --pid PID)");
                    }
                    words.add(arg);
                }
            }
        }
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new ConfigException("ctl: a value is missing after " + option);
        }
        return rest.next();
    }

    private int ask(PrintStream out) {
        Path path = socket != null ? socket : RunningServers.find(pid);
        byte[] answer;
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            answer = exchange(channel, new ControlRequest(words.getFirst(), words.subList(1, words.size())));
        } catch (IOException e) {
            throw new ConfigException("ctl: no server answers at " + path + ": " + e.getMessage());
        }
        return print(answer, out);
    }

    private static byte[] exchange(SocketChannel channel, ControlRequest request) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(request.line());
        line.write('\n');
        ByteBuffer out = ByteBuffer.wrap(line.toByteArray());
        while (out.hasRemaining()) {
            channel.write(out);
        }
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.allocate(16 * 1024);
        while (channel.read(in.clear()) >= 0) {
            answer.write(in.array(), 0, in.position());
            if (in.position() > 0 && in.get(in.position() - 1) == '\n') {
                return answer.toByteArray();
            }
        }
        throw new IOException("the server closed the connection without an answer");
    }

    private int print(byte[] answer, PrintStream out) {
        try {
            if (!(JsonTree.read(answer) instanceof Map<?, ?> map)) {
                throw new ControlException("no object");
            }
            boolean ok = Boolean.TRUE.equals(map.get("ok"));
            if (json) {
                out.write(answer, 0, answer.length);
            } else if (ok) {
                out.write(PlainText.of(map.get("result")).getBytes(StandardCharsets.UTF_8));
            } else {
                throw new ConfigException("ctl: " + map.get("error"));
            }
            out.flush();
            return ok ? 0 : 1;
        } catch (ControlException | IOException e) {
            throw new ConfigException("ctl: the server's answer cannot be read: " + e.getMessage());
        }
    }
}
