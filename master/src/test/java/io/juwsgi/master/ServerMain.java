package io.juwsgi.master;

import io.juwsgi.spi.worker.WorkerEndpoint;
import io.juwsgi.spi.worker.WorkerGroup;
import java.nio.file.Path;

/** A program that is only a master with a fake zygote, for {@link MasterSignalsTest}. */
final class ServerMain {
    private ServerMain() {}

    public static void main(String[] arguments) {
        Stage stage = new Stage(Path.of(arguments[0]));
        stage.sink = System.out::println;
        Master master = stage.start();
        master.workers().listen(new Printer());
        master.handleSignals();
        System.exit(master.exit().toCompletableFuture().join());
    }

    /** Prints the state of the group. */
    private static final class Printer implements WorkerGroup.Listener {
        @Override
        public void ready(WorkerEndpoint worker) {
            System.out.println("ready " + worker);
        }

        @Override
        public void draining(WorkerEndpoint worker) {
            System.out.println("draining " + worker);
        }

        @Override
        public void gone(WorkerEndpoint worker) {
            System.out.println("gone " + worker);
        }

        @Override
        public void state(WorkerGroup.State state) {
            System.out.println(state);
        }
    }
}
