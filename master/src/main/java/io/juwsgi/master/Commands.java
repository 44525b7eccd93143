package io.juwsgi.master;

import io.juwsgi.processes.Pidfile;
import java.util.function.Consumer;

/** What the letters mean that somebody writes into a {@code master-fifo}. Owned by the master's thread. */
final class Commands {
    private final PlaneContext context;
    private final Generations generations;
    private final Consumer<MasterEvent> events;
    private final Runnable upgrade;
    private final Runnable subscriptions;
    private boolean paused;

    Commands(PlaneContext context, Generations generations, Runnable upgrade, Runnable subscriptions) {
        this.context = context;
        this.generations = generations;
        this.upgrade = upgrade;
        this.subscriptions = subscriptions;
        this.events = context.events();
    }

    void obey(char letter) {
        switch (letter) {
            case 'r' -> events.accept(new MasterEvent.Reload(ReloadScope.ALL));
            case 'R' -> events.accept(new MasterEvent.Reload(ReloadScope.BRUTAL));
            case 'c' -> events.accept(new MasterEvent.Reload(ReloadScope.CHAIN));
            case 'w' -> events.accept(new MasterEvent.Reload(ReloadScope.WORKERS));
            case 'W' -> events.accept(new MasterEvent.Reload(ReloadScope.WORKERS_BRUTAL));
            case 'q' -> events.accept(new MasterEvent.Stop(StopMode.GRACEFUL));
            case 'Q' -> events.accept(new MasterEvent.Stop(StopMode.NOW));
            case '+' -> events.accept(new MasterEvent.ChangeWorkers(1));
            case '-' -> events.accept(new MasterEvent.ChangeWorkers(-1));
            case 's' -> events.accept(new MasterEvent.Statistics());
            case 'P' -> context.plan().control().pidfiles().forEach(Pidfile::write);
            case 'C' -> rest();
            case 'f', 'F' -> upgrade.run();
            case 'p' -> pause();
            case 'l' -> context.log().reopen();
            case 'L' -> context.log().rotate();
            case 'E' -> nothing('E', "this is no emperor; write to the emperor's master-fifo");
            case 'B' -> nothing('B', "no emperor here sends reinforcements (expected: more processes, and cheaper)");
            case 'S' -> subscriptions.run();
            case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
                // All pipes are read at all times: there is none to choose.
            }
            default -> unknown(letter);
        }
    }

    /** The workers stop until the next request. */
    private void rest() {
        if (!generations.context().plan().elastic().follows()) {
            context.log().line("master-fifo: C needs cheaper, cheap or idle");
            return;
        }
        context.log().line("stopping the workers until the next request comes");
        generations.context().staff().sleep();
    }

    /** Requests wait, until the command comes again. */
    private void pause() {
        paused = !paused;
        context.group().paused(paused);
        context.log().line(paused ? "paused: requests wait" : "resumed");
    }

    private void nothing(char letter, String why) {
        context.log().line("master-fifo: " + letter + ": " + why);
    }

    private void unknown(char letter) {
        String shown = letter > ' ' && letter < 0x7F ? "'" + letter + "'" : "0x" + Integer.toHexString(letter);
        context.log()
                .line("master-fifo: command " + shown
                        + " does nothing here (expected: one of r R c w W q Q + - s P C f p l L E B S 0-9)");
    }
}
