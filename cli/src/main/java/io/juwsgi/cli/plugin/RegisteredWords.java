package io.juwsgi.cli.plugin;

import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteCondition;
import io.juwsgi.spi.route.RouteVariable;
import io.juwsgi.spi.route.RouteWord;
import io.juwsgi.spi.route.RouteWords;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The words of internal routing, each name once. Filled at start, on the main thread. */
final class RegisteredWords implements RouteWords {
    private final List<RouteWord<RouteAction>> actions = new ArrayList<>();
    private final List<RouteWord<RouteCondition>> conditions = new ArrayList<>();
    private final List<RouteWord<RouteVariable>> variables = new ArrayList<>();
    /** Kind and name of a word, with the plugin that it came from. */
    private final Map<String, String> owners = new HashMap<>();

    void action(String plugin, RouteWord<RouteAction> action) {
        add(plugin, "route action ", action, actions);
    }

    void condition(String plugin, RouteWord<RouteCondition> condition) {
        add(plugin, "route condition ", condition, conditions);
    }

    void variable(String plugin, RouteWord<RouteVariable> variable) {
        add(plugin, "route variable ", variable, variables);
    }

    private <T> void add(String plugin, String kind, RouteWord<T> word, List<RouteWord<T>> words) {
        for (String name : word.names()) {
            String owner = owners.putIfAbsent(kind + name, plugin);
            if (owner != null) {
                throw new IllegalArgumentException(
                        "plugin " + plugin + ": " + kind + name + " is there already, from plugin " + owner);
            }
        }
        words.add(word);
    }

    /** Returns how many words of each kind a plugin has. */
    List<Offer> counted(String plugin) {
        List<Offer> counts = new ArrayList<>();
        count(counts, plugin, "route action ", actions);
        count(counts, plugin, "route condition ", conditions);
        count(counts, plugin, "route variable ", variables);
        return counts;
    }

    private <T> void count(List<Offer> counts, String plugin, String kind, List<RouteWord<T>> words) {
        long count = words.stream()
                .filter(word -> plugin.equals(owners.get(kind + word.names().getFirst())))
                .count();
        if (count > 0) {
            counts.add(new Offer(kind.stripTrailing() + "s", "", String.valueOf(count)));
        }
    }

    void clear() {
        actions.clear();
        conditions.clear();
        variables.clear();
        owners.clear();
    }

    @Override
    public Collection<RouteWord<RouteAction>> actions() {
        return Collections.unmodifiableCollection(actions);
    }

    @Override
    public Collection<RouteWord<RouteCondition>> conditions() {
        return Collections.unmodifiableCollection(conditions);
    }

    @Override
    public Collection<RouteWord<RouteVariable>> variables() {
        return Collections.unmodifiableCollection(variables);
    }
}
