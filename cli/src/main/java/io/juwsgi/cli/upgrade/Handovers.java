package io.juwsgi.cli.upgrade;

import io.juwsgi.cli.plugin.ActiveExtensions;
import io.juwsgi.cli.plugin.Offering;
import io.juwsgi.cli.plugin.UpstreamExtensions;
import io.juwsgi.spi.Handover;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The components that have a part in the end of the server: they are told of it, and what they know goes to the process that takes
 * over, by a file each in the server's private directory. Any thread may use it.
 */
public final class Handovers {
    private static final System.Logger LOG = System.getLogger(Handovers.class.getName());
    private static final long PATIENCE_SECONDS = 2;

    private final ActiveExtensions active;
    private final UpstreamExtensions named;
    private volatile boolean replaced;

    /** Looks at the components that there are at each moment. */
    public Handovers(ActiveExtensions active, UpstreamExtensions named) {
        this.active = active;
        this.named = named;
    }

    private List<Offering<Handover>> all() {
        return Stream.concat(active.offerings(Handover.class).stream(), named.offerings(Handover.class).stream())
                .toList();
    }

    /** Another process serves now. */
    void replaced() {
        replaced = true;
    }

    /** Tells them that the server begins to end; completes when all have heard, or soon. */
    public CompletionStage<?> leaving() {
        CompletableFuture<?>[] told = all().stream()
                .map(one -> CompletableFuture.runAsync(
                        () -> tell(one),
                        task -> Thread.ofVirtual().name("juwsgi-leaving").start(task)))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(told).completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void tell(Offering<Handover> one) {
        try {
            one.component().leaving(replaced);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "plugin=" + one.id() + " cannot say goodbye: " + e, e);
        }
    }

    private static Path file(Path directory, String id) {
        return directory.resolve("handover-" + id);
    }

    /** Writes what they know. */
    void write(Path directory) {
        for (Offering<Handover> one : all()) {
            try {
                byte[] state = one.component().handOver();
                Path file = file(directory, one.id());
                Files.deleteIfExists(file);
                if (state.length > 0 && state.length <= Handover.LARGEST) {
                    Files.createFile(
                            file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                    Files.write(file, state);
                }
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.WARNING, "plugin=" + one.id() + " cannot hand over what it knows: " + e, e);
            }
        }
    }

    /** Gives them what the process before has written. */
    public void read(Path directory) {
        for (Offering<Handover> one : all()) {
            Path file = file(directory, one.id());
            try {
                if (Files.exists(file) && Files.size(file) <= Handover.LARGEST) {
                    one.component().takeOver(Files.readAllBytes(file));
                }
                Files.deleteIfExists(file);
            } catch (Exception e) {
                LOG.log(Level.WARNING, "plugin=" + one.id() + " cannot take over what was known: " + e, e);
            }
        }
    }
}
