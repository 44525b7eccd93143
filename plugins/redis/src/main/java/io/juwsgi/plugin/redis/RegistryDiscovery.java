package io.juwsgi.plugin.redis;

import io.juwsgi.config.ConfigException;
import io.juwsgi.spi.balance.Discovery;
import io.juwsgi.spi.balance.Member;
import io.juwsgi.spi.extension.Context;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Members that have registered in Redis: {@code registry:NAME}. Thread-safe. */
final class RegistryDiscovery implements Discovery {
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,200}");

    private final DiscoverSettings settings;
    private final RedisSettings redis;
    private final System.Logger log;
    private @Nullable Registry registry;

    RegistryDiscovery(DiscoverSettings settings, Context context) {
        this.settings = settings;
        this.redis = RedisSettings.of(context.settings());
        this.log = context.logger();
    }

    @Override
    public synchronized void start() throws IOException {
        registry = Registry.open(redis);
    }

    @Override
    public synchronized AutoCloseable watch(String target, Consumer<List<Member>> members) {
        if (!NAME.matcher(target).matches()) {
            throw new ConfigException(
                    "registry:" + target + " (expected: registry:NAME, of letters, digits, '.', '_', '-')");
        }
        Watch watch = new Watch(target, Objects.requireNonNull(registry), members);
        Thread thread = Thread.ofVirtual().name("juwsgi-redis-registry").start(watch);
        return thread::interrupt;
    }

    @Override
    public synchronized void close() {
        if (registry != null) {
            registry.close();
        }
    }

    /**
     * Looks again and again. While Redis cannot be asked nothing changes; a Redis that is back, and may have forgotten everybody, is
     * believed in who is there at once, in who is not there only after all had the time to register again.
     */
    private final class Watch implements Runnable {
        private final String name;
        private final Registry from;
        private final Consumer<List<Member>> to;
        private final Holding holding = new Holding(settings.hold().toNanos());
        private String trouble = "";

        Watch(String name, Registry from, Consumer<List<Member>> to) {
            this.name = name;
            this.from = from;
            this.to = to;
        }

        @Override
        public void run() {
            try {
                while (true) {
                    look();
                    Thread.sleep(settings.interval());
                }
            } catch (InterruptedException e) {
                log.log(Level.DEBUG, "registry:" + name + " is not watched any more");
            }
        }

        private void look() throws InterruptedException {
            try {
                List<Member> before = holding.members();
                List<Member> now = holding.found(
                        from.members(name)
                                .toCompletableFuture()
                                .orTimeout(10, TimeUnit.SECONDS)
                                .join(),
                        System.nanoTime());
                if (!trouble.isEmpty()) {
                    log.log(Level.INFO, "registry:{0} answers again", name);
                    trouble = "";
                }
                if (!now.equals(before)) {
                    to.accept(now);
                }
            } catch (CompletionException | IllegalStateException e) {
                holding.failed(System.nanoTime());
                String why = String.valueOf(
                        e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
                if (trouble.isEmpty()) {
                    log.log(Level.WARNING, "registry:{0} cannot be asked, members stay as they are: {1}", name, why);
                }
                trouble = why.isEmpty() ? "unknown" : why;
            }
        }
    }
}
