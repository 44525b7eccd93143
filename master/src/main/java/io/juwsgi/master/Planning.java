package io.juwsgi.master;

import io.juwsgi.config.ConfigException;
import java.util.function.Consumer;

/**
 * A look at what the next generation is made of, which may take its time: configuration is read, and may come from a command.
 *
 * @param anew whether this is a reload; else a generation without a zygote is replaced by one like it
 * @param begun when it was asked for
 */
record Planning(boolean anew, long begun) {

    /** Looks on a thread of its own, and posts what it has found. */
    void start(Blueprint.Source source, Consumer<MasterEvent> events) {
        Thread.ofVirtual().name("juwsgi-plan").start(() -> events.accept(look(source)));
    }

    private MasterEvent.Planned look(Blueprint.Source source) {
        try {
            return new MasterEvent.Planned(this, source.load(anew), "");
        } catch (ConfigException e) {
            return new MasterEvent.Planned(this, null, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return new MasterEvent.Planned(this, null, "bug in the application's language: " + e);
        }
    }
}
