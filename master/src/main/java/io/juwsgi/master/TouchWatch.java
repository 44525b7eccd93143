package io.juwsgi.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Looks for files that somebody has touched, and reloads.
 *
 * <p>Mutable; owned by the master's thread.
 */
final class TouchWatch implements Chores.Chore {
    private static final long MISSING = Long.MIN_VALUE;

    /**
     * A file that asks for something when its time of modification changes, or when it appears.
     *
     * @param path the file, which need not exist
     * @param scope what it asks for
     */
    record Trigger(Path path, ReloadScope scope) {}

    private static final class Watched {
        final Trigger trigger;
        long time;

        Watched(Trigger trigger) {
            this.trigger = trigger;
            this.time = modified(trigger.path());
        }
    }

    private final PlaneContext context;
    private final List<Watched> files = new ArrayList<>();

    TouchWatch(PlaneContext context) {
        this.context = context;
        context.plan().triggers().forEach(trigger -> files.add(new Watched(trigger)));
    }

    @Override
    public void look(long now) {
        for (Watched file : files) {
            long time = modified(file.trigger.path());
            boolean touched = time != file.time && time != MISSING;
            file.time = time;
            if (touched) {
                context.log().line("*** " + file.trigger.path() + " has been touched ***");
                context.events().accept(new MasterEvent.Reload(file.trigger.scope()));
            }
        }
    }

    private static long modified(Path path) {
        try {
            return Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS);
        } catch (IOException missing) {
            return MISSING;
        }
    }
}
