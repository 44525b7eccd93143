package io.juwsgi.master;

import io.juwsgi.processes.TouchedFile;
import java.nio.file.Path;
import java.util.List;

/**
 * Looks for files that somebody has touched, and reloads.
 *
 * <p>Mutable; owned by the master's thread.
 */
final class TouchWatch implements Chores.Chore {
    /**
     * A file that asks for something when its time of modification changes, or when it appears.
     *
     * @param path the file, which need not exist
     * @param scope what it asks for
     */
    record Trigger(Path path, ReloadScope scope) {}

    private record Watched(TouchedFile file, ReloadScope scope) {}

    private final PlaneContext context;
    private final List<Watched> files;

    TouchWatch(PlaneContext context) {
        this.context = context;
        this.files = context.plan().triggers().stream()
                .map(trigger -> new Watched(new TouchedFile(trigger.path()), trigger.scope()))
                .toList();
    }

    @Override
    public void look(long now) {
        for (Watched watched : files) {
            if (watched.file().look()) {
                context.log().line("*** " + watched.file().path() + " has been touched ***");
                context.events().accept(new MasterEvent.Reload(watched.scope()));
            }
        }
    }
}
