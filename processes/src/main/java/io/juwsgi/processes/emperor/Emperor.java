package io.juwsgi.processes.emperor;

import io.juwsgi.processes.Deadline;
import io.juwsgi.processes.ProcessLoop;
import io.juwsgi.processes.Signals;
import io.juwsgi.processes.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Starts a server, a vassal, for each configuration file that it finds, reloads it when the file is touched, stops it when the
 * file is gone, and starts it again when it ends. Owned by the loop's thread once that runs, except {@link #status}.
 */
public final class Emperor implements ProcessLoop.Part {
    private final Realm realm;
    private final Places places;
    private final Deadline look = new Deadline();
    private final Map<Path, Vassal> vassals = new TreeMap<>();
    private volatile List<VassalStatus> status = List.of();
    private int sockets;
    private boolean blind;
    private boolean stopping;

    /**
     * Makes an emperor that does nothing yet.
     *
     * @param launcher the program that a vassal is, with its first arguments
     * @param directory a private directory of this process, short enough for the paths of sockets
     */
    public Emperor(EmperorPlan plan, Surroundings surroundings, List<String> launcher, Path directory) {
        this(new Realm(plan, surroundings, launcher, directory, Realm.MERCY, Realm.HASTE));
    }

    Emperor(Realm realm) {
        this.realm = realm;
        this.places = new Places(realm.plan());
    }

    /** Reloads every vassal. Called on the loop's thread, as all of the following. */
    public void reload() {
        vassals.values().forEach(Vassal::reload);
    }

    /** Looks for files at once. */
    public void rescan() {
        look.clear();
    }

    /** Writes a line about each vassal into the log. */
    public void logStatistics() {
        for (VassalStatus vassal : status()) {
            realm.surroundings()
                    .log()
                    .line("[emperor] vassal " + vassal.file() + " state=" + vassal.state() + " pid=" + vassal.pid()
                            + " starts=" + vassal.starts());
        }
    }

    /** Returns the vassals, by file. Any thread may ask. */
    public List<VassalStatus> status() {
        return status;
    }

    @Override
    public void settle(long now) {
        if (!stopping && (!look.isSet() || look.passed(now))) {
            look.in(realm.plan().frequency(), now);
            look(now);
        }
        vassals.values().forEach(vassal -> vassal.settle(now));
        for (Vassal vassal : List.copyOf(vassals.values())) {
            if (vassal.isOver()) {
                vassal.close();
                vassals.values().remove(vassal);
            }
        }
        status = vassals.values().stream().map(Vassal::status).toList();
    }

    private void look(long now) {
        Map<Path, VassalFile> found;
        try {
            found = places.look();
            blind = false;
        } catch (IOException e) {
            if (!blind) {
                realm.surroundings().log().line("[emperor] cannot look for vassals, they stay as they are: " + e);
            }
            blind = true;
            return;
        }
        for (Map.Entry<Path, Vassal> vassal : vassals.entrySet()) {
            VassalFile file = found.remove(vassal.getKey());
            if (file == null) {
                vassal.getValue().remove(Signals.TERM, now);
            } else {
                vassal.getValue().found(file, now);
            }
        }
        found.values().forEach(file -> add(file, now));
    }

    private void add(VassalFile file, long now) {
        Path path = realm.sockets().resolve("vassal-" + ++sockets + ".sock");
        try {
            NotifySocket socket = NotifySocket.open(
                    path,
                    news -> realm.surroundings().post().accept(then -> {
                        Vassal vassal = vassals.get(file.path());
                        if (vassal != null) {
                            vassal.told(news, then);
                        }
                    }));
            vassals.put(file.path(), new Vassal(file, realm, socket, now));
        } catch (IOException e) {
            realm.say(file, "is not started: " + path + ": " + e.getMessage());
        }
    }

    @Override
    public void stop(long now) {
        stop(Signals.TERM, now);
    }

    /** Ends all vassals as the signal would. */
    public void stop(int signal, long now) {
        stopping = true;
        look.clear();
        vassals.values().forEach(vassal -> vassal.remove(signal, now));
    }

    /** Gives what is stopping no more time than INT gives. */
    public void hurry(long now) {
        vassals.values().forEach(vassal -> vassal.hurry(now));
    }

    @Override
    public boolean isOver() {
        return vassals.isEmpty();
    }

    @Override
    public long nanosToDeadline(long now) {
        long next = look.nanosFrom(now);
        for (Vassal vassal : List.copyOf(vassals.values())) {
            next = Math.min(next, vassal.nanosToDeadline(now));
        }
        return next;
    }
}
