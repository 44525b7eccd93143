package io.juwsgi.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds settings that are right by the rules and not what somebody can have meant. */
final class Surprises {
    /** What two bytes for the length can say in the uwsgi protocol. */
    private static final int LARGEST_BLOCK = 65_535;

    private static final Set<String> LISTENERS =
            Set.of("http", "http-socket", "socket", "uwsgi-socket", "fastcgi-socket", "scgi-socket", "stats");
    private static final Set<String> FILES =
            Set.of("daemonize", "logto", "logto2", "pidfile", "pidfile2", "safe-pidfile");
    private static final Set<String> TRUTHS = Set.of("true", "yes", "on", "1");
    private static final Pattern ADDRESS = Pattern.compile("([^/,]*):\\s*([1-9][0-9]{0,4})");
    private static final Set<String> EVERY_HOST = Set.of("", "0.0.0.0", "*", "[::]");

    private final List<String> warnings = new ArrayList<>();
    private final Map<String, List<Listener>> byPort = new HashMap<>();

    /** An address with a port that an option listens on. */
    private record Listener(Setting setting, String host) {}

    private Surprises() {}

    /** Returns a line for each of them. */
    static List<String> in(Settings settings) {
        Surprises surprises = new Surprises();
        settings.all().forEach(surprises::look);
        return surprises.warnings;
    }

    /** Returns what there is to say, without blame, of a file that has processes and no master: uWSGI supervises none of them then. */
    static Optional<String> unsupervised(Settings settings) {
        List<Setting> master = settings.all().stream()
                .filter(setting -> setting.option().name().equals("master"))
                .toList();
        return settings.all().stream()
                .filter(setting -> setting.option().name().equals("processes"))
                .reduce((first, last) -> last)
                .filter(last -> !Values.flag(master) && last.origin().line() > 0 && Values.atoi(last.value()) > 1)
                .map(last -> last.origin() + ": processes = " + last.value()
                        + " without master: juwsgi supervises workers all the same");
    }

    private void look(Setting setting) {
        String name = setting.option().name();
        if (name.equals("buffer-size") && Values.atoi(setting.value()) > LARGEST_BLOCK) {
            warn(setting, "the uwsgi protocol carries at most " + LARGEST_BLOCK + " bytes; only HTTP may use more");
        } else if (FILES.contains(name) && TRUTHS.contains(setting.value().toLowerCase(Locale.ROOT))) {
            warn(setting, "names a file called " + setting.value() + " (expected: the name of a file)");
        } else if (LISTENERS.contains(name)) {
            listener(setting);
        }
    }

    private void listener(Setting setting) {
        Matcher address = ADDRESS.matcher(setting.value());
        if (!address.matches()) {
            return;
        }
        Listener listener = new Listener(setting, address.group(1));
        List<Listener> others = byPort.computeIfAbsent(address.group(2), port -> new ArrayList<>());
        others.stream()
                .filter(other -> collide(other, listener))
                .findFirst()
                .ifPresent(other -> warn(
                        setting,
                        "the port is taken by " + other.setting().option().name() + " = "
                                + other.setting().value() + " ("
                                + other.setting().origin() + ")"));
        others.add(listener);
    }

    private static boolean collide(Listener a, Listener b) {
        return a.host().equals(b.host()) || EVERY_HOST.contains(a.host()) || EVERY_HOST.contains(b.host());
    }

    private void warn(Setting setting, String what) {
        warnings.add(setting.origin() + ": " + setting.option().name() + " = " + setting.value() + ": " + what);
    }
}
