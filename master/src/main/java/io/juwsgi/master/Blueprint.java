package io.juwsgi.master;

import io.juwsgi.spi.worker.ZygoteCommand;
import java.util.Optional;

/**
 * What a generation is made of, as the master sees it.
 *
 * @param plan what it is to be like
 * @param command how its zygote is started; empty when there is no application
 * @param adopted called when a reload begins with this
 */
record Blueprint(ProcessPlan plan, Optional<ZygoteCommand> command, Runnable adopted) {

    /** Says what a generation is to be made of; {@code anew} as in {@link Loading.Source}. */
    @FunctionalInterface
    interface Source {
        Blueprint load(boolean anew);
    }

    static Blueprint of(Loading loading) {
        return new Blueprint(ProcessPlan.of(loading.settings()), loading.command(), loading.adopted());
    }
}
