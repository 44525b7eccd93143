package io.juwsgi.testkit;

import io.juwsgi.config.ConfigException;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.extension.Mounted;
import io.juwsgi.testkit.Registration.Kind;
import io.juwsgi.testkit.Registration.Part;
import java.util.Comparator;
import java.util.List;

/**
 * A plugin's filters and handlers in memory, between a client and an application that a test plays. Filters come in the
 * order of their phases, handlers answer at their mount points, everything else goes to the {@linkplain #application
 * application}. The event loop is a thread of its own.
 *
 * <pre>{@code
 * try (TestChain chain = TestChain.of(new StampPlugin(), "--stamp-text", "here")) {
 *     chain.application().answers(200, "hello");
 *     assertEquals("here", chain.get("/").field("Served-By"));
 * }
 * }</pre>
 *
 * <p>An exception of the plugin is an {@link AssertionError} here. Used on the test's thread.
 */
public final class TestChain implements AutoCloseable {
    private static final Comparator<Part> OUTERMOST_FIRST = Comparator.comparing(
                    (Part part) -> phase(part) != Phase.LOG)
            .thenComparing(TestChain::phase)
            .thenComparing(Part::id);

    private final PluginUnderTest plugin;
    private final TestApplication application = new TestApplication();
    private final TestLoop loop = new TestLoop();
    private final Handler first;

    private TestChain(PluginUnderTest plugin) {
        this.plugin = plugin;
        this.first = compiled();
    }

    /**
     * Starts a plugin with options as a user writes them.
     *
     * @throws ConfigException when the options are wrong
     */
    public static TestChain of(Plugin plugin, String... options) throws Exception {
        return new TestChain(PluginUnderTest.of(plugin).start(options));
    }

    private static Phase phase(Part part) {
        return part.kind() instanceof Kind.InChain(Phase phase) ? phase : Phase.CONTENT;
    }

    private Handler compiled() {
        Handler next = this::atMount;
        List<Part> filters = plugin.parts().stream()
                .filter(part -> part.kind() instanceof Kind.InChain)
                .sorted(OUTERMOST_FIRST)
                .toList();
        for (Part part : filters.reversed()) {
            Filter filter = (Filter) part.instance();
            Handler rest = next;
            next = exchange -> filter.handle(exchange, rest);
        }
        return next;
    }

    /** The handler with the longest mount point, or else the application. */
    private void atMount(Exchange exchange) {
        String path = exchange.request().path();
        plugin.parts().stream()
                .filter(part -> part.kind() instanceof Kind.AtMount && holds(mount(part), path))
                .max(Comparator.comparingInt(part -> mount(part).length()))
                .ifPresentOrElse(part -> handle(part, exchange), () -> application.handle(exchange));
    }

    private static String mount(Part part) {
        String mount = ((Mounted) part.settings()).mount();
        return mount.endsWith("/") ? mount.substring(0, mount.length() - 1) : mount;
    }

    private static boolean holds(String mount, String path) {
        return path.equals(mount) || path.startsWith(mount + "/");
    }

    private static void handle(Part part, Exchange exchange) {
        if (part.instance() instanceof BlockingHandler blocking) {
            BlockingRun.start(blocking, mount(part), exchange);
        } else {
            ((Handler) part.instance()).handle(exchange);
        }
    }

    /** Returns what stands behind the plugin. */
    public TestApplication application() {
        return application;
    }

    /** Returns the requests that reached the application, as the plugin left them. */
    public List<Request> asked() {
        return application.asked();
    }

    /** Returns the loop that the exchanges of this chain belong to. */
    public TestLoop loop() {
        return loop;
    }

    /** Returns an exchange of this chain, to be given a body and then {@linkplain #begin begun}. */
    public TestExchange exchange(TestRequest request) {
        return TestExchange.of(request, loop);
    }

    /** Sends a GET request and waits for the end of its exchange. */
    public TestExchange get(String target) {
        return send(TestRequest.get(target));
    }

    /** Sends a request without a body and waits for the end of its exchange. */
    public TestExchange send(TestRequest request) {
        return send(exchange(request));
    }

    /**
     * Lets an exchange in and waits for its end.
     *
     * @throws AssertionError when the plugin threw or broke a rule of the SPI
     */
    public TestExchange send(TestExchange exchange) {
        begin(exchange).awaitEnd();
        settle();
        return exchange;
    }

    /**
     * Lets an exchange in and waits until the plugin has come back from it, which may be long before its end.
     *
     * @throws AssertionError when the plugin threw
     */
    public TestExchange begin(TestExchange exchange) {
        enter(exchange);
        settle();
        return exchange;
    }

    /** Lets an exchange in, on whatever event loop it belongs to, and waits for nothing. From any thread. */
    public void enter(Exchange exchange) {
        exchange.eventLoop().execute(() -> first.handle(exchange));
    }

    /**
     * Waits until the event loop has done what there was to do.
     *
     * @throws AssertionError when something of it threw
     */
    public void settle() {
        loop.settle();
        List<Throwable> thrown = loop.thrown();
        if (!thrown.isEmpty()) {
            throw new AssertionError("the plugin threw " + thrown.getFirst(), thrown.getFirst());
        }
    }

    /** Closes the plugin and stops the event loop. */
    @Override
    public void close() {
        try {
            plugin.close();
        } finally {
            loop.close();
        }
    }
}
