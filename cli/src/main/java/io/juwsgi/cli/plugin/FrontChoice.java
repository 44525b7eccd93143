package io.juwsgi.cli.plugin;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import io.juwsgi.router.NamedFront;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Chooses the protocol fronts: those that front-socket names, and those of which an own option has an address. */
final class FrontChoice {
    private FrontChoice() {}

    /** Returns the options of fronts that have addresses. */
    static List<Option<?>> options(Collection<Registered<?, ?>> extensions) {
        List<Option<?>> options = new ArrayList<>();
        for (Registered<?, ?> extension : extensions) {
            if (extension.kind() instanceof Kind.Front) {
                options.addAll(extension.extension().triggers());
            }
        }
        return options;
    }

    /**
     * Returns the ids of the fronts that are to be made.
     *
     * @throws ConfigException when one is named that is not there; all of them in one message
     */
    static Set<String> of(Collection<Registered<?, ?>> extensions, Settings settings) {
        Set<String> known = new TreeSet<>();
        Set<String> wanted = new TreeSet<>();
        for (Registered<?, ?> extension : extensions) {
            if (extension.kind() instanceof Kind.Front) {
                known.add(extension.id());
                if (extension.extension().triggers().stream().anyMatch(settings::has)) {
                    wanted.add(extension.id());
                }
            }
        }
        List<NamedFront> named = NamedFront.of(settings);
        List<String> unknown = named.stream()
                .filter(front -> !known.contains(front.id()))
                .map(front -> front.unknown(known))
                .toList();
        if (!unknown.isEmpty()) {
            throw new ConfigException(String.join("\n", unknown));
        }
        named.forEach(front -> wanted.add(front.id()));
        return wanted;
    }
}
