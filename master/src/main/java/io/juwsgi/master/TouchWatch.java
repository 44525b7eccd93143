package io.juwsgi.master;

import io.juwsgi.processes.TouchedFile;
import io.juwsgi.processes.WatchedPath;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Looks for files that somebody has touched, and reloads.
 *
 * <p>Mutable; owned by the master's thread.
 */
final class TouchWatch implements Chores.Chore {
    /**
     * A file that asks for something.
     *
     * @param path the file, which need not exist
     * @param scope what it asks for
     * @param anyChange whether any change of the file, or of a file in that folder, does it; else its time of modification alone
     */
    record Trigger(Path path, ReloadScope scope, boolean anyChange) {
        Trigger(Path path, ReloadScope scope) {
            this(path, scope, false);
        }

        private Watched watched() {
            return anyChange
                    ? new Watched(this, new WatchedPath(path)::look, "has changed")
                    : new Watched(this, new TouchedFile(path)::look, "has been touched");
        }
    }

    private record Watched(Trigger trigger, BooleanSupplier look, String happened) {}

    private final PlaneContext context;
    private final List<Watched> files;

    TouchWatch(PlaneContext context) {
        this.context = context;
        this.files = context.plan().triggers().stream().map(Trigger::watched).toList();
    }

    @Override
    public void look(long now) {
        for (Watched watched : files) {
            if (watched.look().getAsBoolean()) {
                Trigger trigger = watched.trigger();
                context.log().line("*** " + trigger.path() + " " + watched.happened() + " ***");
                context.events().accept(new MasterEvent.Reload(trigger.scope()));
            }
        }
    }
}
