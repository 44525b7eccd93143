package io.juwsgi.cli.control;

import io.juwsgi.master.ReloadScope;
import io.juwsgi.master.StopMode;
import io.juwsgi.router.worker.CoreTrace;
import io.juwsgi.spi.Controllable;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What may be asked of a running server, by name. Used by several virtual threads at once. */
public final class ControlCommands {
    private static final System.Logger LOG = System.getLogger(ControlCommands.class.getName());

    /** How long the worker pool may take for an answer, in seconds. */
    private static final long PATIENCE = 8;

    /** Carries out one command. */
    interface Command {
        Map<String, ?> run(List<String> arguments) throws Exception;
    }

    private record Entry(String usage, Command command) {}

    private final ControlledServer server;
    private final Map<String, Entry> own = new LinkedHashMap<>();

    /** Makes the commands of a server. */
    public ControlCommands(ControlledServer server) {
        this.server = server;
        own.put("status", new Entry(": the server as a whole", this::status));
        own.put("workers", new Entry(": every worker process", this::workers));
        own.put("requests", new Entry(": what is not answered yet", this::requests));
        own.put("metrics", new Entry("[PART]: all numbers, or those with PART in their name", this::metrics));
        own.put("reload", new Entry("[all | brutal | chain | workers | workers-brutal]", this::reload));
        own.put("stop", new Entry("[graceful | quick | now]", this::stop));
        own.put("kill", new Entry("REQUEST: end it with 503", this::kill));
        own.put("trace", new Entry("WORKER: the stack of each of its cores", this::trace));
        own.put("upgrade", new Entry(": let another process take over", this::upgrade));
        own.put("help", new Entry(": these commands", arguments -> help()));
    }

    /**
     * Carries out one command.
     *
     * @throws ControlException when there is no such command, or it cannot be carried out
     */
    Map<String, ?> run(String name, List<String> arguments) throws ControlException {
        try {
            Entry entry = own.get(name);
            return entry != null
                    ? entry.command().run(arguments)
                    : component(name).control(arguments);
        } catch (ControlException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new ControlException(name + ": " + e.getMessage());
        } catch (Exception | LinkageError e) {
            LOG.log(Level.WARNING, "ctl " + name + " failed: " + e, e);
            throw new ControlException(name + " failed: " + e);
        }
    }

    private Controllable component(String name) throws ControlException {
        for (Controllable component : server.components().get()) {
            if (component.controlName().equals(name)) {
                return component;
            }
        }
        throw new ControlException(
                "no such command: " + name + " (expected: " + String.join(", ", help().keySet()) + ")");
    }

    private Map<String, ?> help() {
        Map<String, String> help = new LinkedHashMap<>();
        own.forEach((name, entry) -> help.put(name, entry.usage()));
        server.components().get().forEach(c -> help.putIfAbsent(c.controlName(), c.controlUsage()));
        return help;
    }

    private Map<String, ?> status(List<String> arguments) throws Exception {
        return Reports.status(
                server.version(), server.master().status(), await(server.pool().stats()), server.listeners());
    }

    private Map<String, ?> workers(List<String> arguments) throws Exception {
        return Reports.workers(server.master().status(), await(server.pool().stats()));
    }

    private Map<String, ?> requests(List<String> arguments) throws Exception {
        return Reports.requests(await(server.pool().requests()));
    }

    private Map<String, ?> metrics(List<String> arguments) {
        return server.metrics().report(arguments.isEmpty() ? "" : only(arguments, "a part of a name, or nothing"));
    }

    private Map<String, ?> reload(List<String> arguments) {
        ReloadScope scope = choice(ReloadScope.class, arguments, ReloadScope.ALL);
        LOG.log(Level.INFO, "ctl: reload {0}", scope);
        server.master().reload(scope);
        return Map.of("reload", named(scope));
    }

    private Map<String, ?> stop(List<String> arguments) {
        StopMode mode = choice(StopMode.class, arguments, StopMode.GRACEFUL);
        LOG.log(Level.INFO, "ctl: stop {0}", mode);
        server.master().stop(mode);
        return Map.of("stop", named(mode));
    }

    private Map<String, ?> upgrade(List<String> arguments) {
        LOG.log(Level.INFO, "ctl: upgrade");
        server.master().upgrade();
        return Map.of("upgrade", "begun");
    }

    private Map<String, ?> kill(List<String> arguments) throws Exception {
        String id = only(arguments, "the id of a request");
        if (!await(server.pool().kill(id))) {
            throw new ControlException("kill: there is no request " + id);
        }
        return Map.of("killed", id);
    }

    private Map<String, ?> trace(List<String> arguments) throws Exception {
        String text = only(arguments, "the number of a worker");
        if (!text.matches("[0-9]{1,6}")) {
            throw new IllegalArgumentException(text + " (expected: the number of a worker)");
        }
        List<CoreTrace> traces = await(server.pool().trace(Integer.parseInt(text)));
        if (traces.isEmpty()) {
            throw new ControlException("trace: there is no worker " + text);
        }
        return Reports.traces(Integer.parseInt(text), traces);
    }

    private static String only(List<String> arguments, String expected) {
        if (arguments.size() != 1) {
            throw new IllegalArgumentException(arguments.size() + " arguments (expected: " + expected + ")");
        }
        return arguments.getFirst();
    }

    private static <E extends Enum<E>> E choice(Class<E> type, List<String> arguments, E usual) {
        if (arguments.isEmpty()) {
            return usual;
        }
        List<E> all = Arrays.asList(type.getEnumConstants());
        String word = only(arguments, "one word");
        return all.stream()
                .filter(one -> named(one).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(word + " (expected: "
                        + String.join(
                                ", ", all.stream().map(ControlCommands::named).toList()) + ")"));
    }

    private static String named(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <T> T await(Future<T> future) throws Exception {
        try {
            return future.get(PATIENCE, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            throw new ControlException("the event loop does not answer");
        }
    }
}
