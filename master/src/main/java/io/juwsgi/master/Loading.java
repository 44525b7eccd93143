package io.juwsgi.master;

import io.juwsgi.config.Settings;
import io.juwsgi.spi.worker.ZygoteCommand;
import java.util.Optional;

/**
 * What a generation is made of.
 *
 * @param settings what is configured now
 * @param command how its zygote is started; empty when there is no application
 * @param adopted called on the master's thread when a reload begins with this; it must not block
 */
public record Loading(Settings settings, Optional<ZygoteCommand> command, Runnable adopted) {

    /** Says what a generation is to be made of. */
    @FunctionalInterface
    public interface Source {
        /**
         * Looks what there is to load. Called on a thread that may wait, never twice at a time.
         *
         * @param anew whether the configuration is to be read as it is now, and not as it was last read
         * @throws io.juwsgi.config.ConfigException when something is wrong with it; the message is one line for the user
         */
        Loading load(boolean anew);
    }
}
