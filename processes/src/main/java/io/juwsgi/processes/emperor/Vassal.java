package io.juwsgi.processes.emperor;

import io.juwsgi.processes.Backoff;
import io.juwsgi.processes.Bond;
import io.juwsgi.processes.Child;
import io.juwsgi.processes.ChildCommand;
import io.juwsgi.processes.Deadline;
import io.juwsgi.processes.ExitStatus;
import io.juwsgi.processes.Identity;
import io.juwsgi.processes.Signals;
import io.juwsgi.processes.emperor.VassalStatus.State;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server with a configuration file of its own.
 *
 * <p>Mutable; owned by the loop's thread.
 */
final class Vassal {
    private final Realm realm;
    private final NotifySocket socket;
    private final Backoff backoff;
    private final Deadline start = new Deadline();
    /** The next step when it does not stop. */
    private final Deadline hurry = new Deadline();
    /** Until when it must give a sign of life; set by its first. */
    private final Deadline beat = new Deadline();

    private VassalFile file;
    /** What the file held when the process was started. */
    private byte[] content = {};

    private State state = State.BLACKLISTED;
    private @Nullable Child child;
    private Instant started = Instant.EPOCH;
    private int starts;
    private boolean wanted = true;
    private boolean hurried;
    private boolean reloadDue;

    /** Makes a vassal that is to start at once. */
    Vassal(VassalFile file, Realm realm, NotifySocket socket, long now) {
        this.file = file;
        this.realm = realm;
        this.socket = socket;
        this.backoff = realm.surroundings().backoff(realm.plan().longestPause());
        start.in(Duration.ZERO, now);
    }

    // What the emperor finds.

    /** Its file is there, perhaps changed. */
    void found(VassalFile found, long now) {
        boolean otherOwner = found.uid() != file.uid() || found.gid() != file.gid();
        boolean touched = found.modified() != file.modified() || otherOwner;
        file = found;
        wanted = true;
        Child running = child;
        if (!touched || state == State.STOPPING) {
            return;
        }
        if (running == null) {
            start.in(Duration.ZERO, now);
        } else if (realm.plan().tyrant() && otherOwner) {
            realm.say(file, "has another owner");
            end(running, Signals.TERM, now);
        } else if (!Arrays.equals(content, file.content())) {
            // A reload loads the application anew, not the configuration.
            realm.say(file, "has another configuration");
            end(running, Signals.TERM, now);
        } else {
            reload();
        }
    }

    /** Its file is gone, or the emperor itself stops. */
    void remove(int signal, long now) {
        if (!wanted) {
            return;
        }
        wanted = false;
        start.clear();
        if (child == null) {
            state = State.OVER;
        } else {
            end(child, signal, now);
        }
    }

    /** It stops, and is to hurry. */
    void hurry(long now) {
        if (child != null && state == State.STOPPING && !hurried) {
            hurry(child, now);
        }
    }

    /** It is to load its application anew; one that is starting first has to be able to hear of it. */
    void reload() {
        reloadDue = state == State.STARTING;
        if (child != null && state == State.READY) {
            realm.say(file, "(pid: " + child.pid() + ") is reloaded");
            Signals.send(child.pid(), Signals.HUP);
        }
    }

    private void end(Child running, int signal, long now) {
        state = State.STOPPING;
        hurried = signal == Signals.INT;
        beat.clear();
        realm.say(file, "(pid: " + running.pid() + ") is told to stop");
        Signals.send(running.pid(), signal);
        hurry.in(hurried ? realm.haste() : realm.mercy(), now);
    }

    // What happens.

    void settle(long now) {
        Child running = child;
        if (running == null) {
            if (wanted && start.passed(now)) {
                spawn(now);
            }
        } else if (hurry.passed(now)) {
            hurry(running, now);
        } else if (beat.passed(now)) {
            beat.clear();
            realm.say(file, "(pid: " + running.pid() + ") gives no sign of life, killing it");
            running.kill();
        }
    }

    /** INT also ends servers that take TERM for a reload. */
    private void hurry(Child running, long now) {
        if (hurried) {
            hurry.clear();
            realm.say(file, "(pid: " + running.pid() + ") does not stop, killing it");
            running.kill();
        } else {
            hurried = true;
            hurry.in(realm.haste(), now);
            Signals.send(running.pid(), Signals.INT);
        }
    }

    private void spawn(long now) {
        start.clear();
        if (realm.plan().tyrant() && (file.uid() == 0 || file.gid() == 0)) {
            // Looked at again when somebody touches the file.
            realm.say(file, "is not started: its file belongs to root (emperor-tyrant)");
            return;
        }
        starts++;
        started = Instant.now();
        content = file.content();
        state = State.STARTING;
        reloadDue = false;
        try {
            socket.allow(file.uid(), file.gid(), realm.plan().tyrant());
            Child[] process = new Child[1];
            process[0] = Child.start(
                    command(),
                    "juwsgi-vassal",
                    realm.surroundings().tagged("vassal " + file.name()),
                    status -> realm.surroundings().post().accept(then -> ended(process[0], status, now, then)));
            child = process[0];
            realm.say(file, "is starting (pid: " + process[0].pid() + ")");
        } catch (IOException e) {
            blacklist("cannot be started: " + e.getMessage(), Duration.ZERO, now);
        }
    }

    private ChildCommand command() {
        Map<String, String> environment = environment();
        List<String> argv = new ArrayList<>(List.of("env"));
        for (String name : System.getenv().keySet()) {
            if (isOurs(name) && !environment.containsKey(name)) {
                argv.addAll(List.of("-u", name));
            }
        }
        argv.addAll(realm.launcher());
        argv.addAll(realm.plan().before());
        argv.addAll(List.of(file.option(), file.path().toString()));
        argv.addAll(realm.plan().after());
        Identity owner = realm.plan().tyrant()
                ? new Identity(Integer.toString(file.uid()), Integer.toString(file.gid()), List.of())
                : null;
        return new ChildCommand(
                argv, environment, file.directory(), ChildCommand.NO_INPUT, Bond.tied(Signals.TERM), owner);
    }

    /** Returns whether a variable speaks of the emperor: what configures it must not configure its vassals. */
    private static boolean isOurs(String name) {
        return (name.matches("J?UWSGI_.*") && !name.equals("JUWSGI_HEAP")) || name.matches("(LISTEN|WATCHDOG)_.*");
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("NOTIFY_SOCKET", socket.path().toString());
        if (realm.plan().heartbeat().isPositive()) {
            environment.put(
                    "WATCHDOG_USEC", Long.toString(realm.plan().heartbeat().toNanos() / 1000));
        }
        realm.plan().heap().ifPresent(heap -> environment.put("JUWSGI_HEAP", heap));
        return environment;
    }

    /** Takes what the vassal tells of itself. */
    void told(Map<String, String> news, long now) {
        if (child == null || state == State.STOPPING) {
            return;
        }
        if ("1".equals(news.get("READY")) && state != State.READY) {
            state = State.READY;
            realm.say(file, "is ready to accept requests");
            if (reloadDue) {
                reload();
            }
        }
        if ("1".equals(news.get("WATCHDOG")) && realm.plan().heartbeat().isPositive()) {
            beat.in(realm.plan().heartbeat(), now);
        }
    }

    private void ended(Child ended, ExitStatus status, long begun, long now) {
        child = null;
        hurry.clear();
        beat.clear();
        ended.killRest();
        boolean asked = state == State.STOPPING;
        String what = "(pid: " + ended.pid() + ") has ended, " + status;
        if (!wanted) {
            state = State.OVER;
            realm.say(file, what);
        } else if (asked) {
            realm.say(file, what);
            start.in(Duration.ZERO, now);
        } else {
            blacklist(what, Duration.ofNanos(now - begun), now);
        }
    }

    private void blacklist(String what, Duration lived, long now) {
        state = State.BLACKLISTED;
        Duration pause = backoff.ended(lived);
        realm.say(
                file,
                what + (pause.isZero() ? ", respawning now" : ", blacklisted for " + pause.toMillis() / 1000.0 + " s"));
        start.in(pause, now);
    }

    // Questions.

    boolean isOver() {
        return !wanted && child == null;
    }

    /** Closes what only this vassal needs. */
    void close() {
        socket.close();
    }

    VassalStatus status() {
        return new VassalStatus(
                file.path(), state, child == null ? 0 : child.pid(), started, starts, file.uid(), file.gid());
    }

    long nanosToDeadline(long now) {
        return Math.min(start.nanosFrom(now), Math.min(hurry.nanosFrom(now), beat.nanosFrom(now)));
    }
}
