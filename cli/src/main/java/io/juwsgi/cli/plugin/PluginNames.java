package io.juwsgi.cli.plugin;

import io.juwsgi.config.Setting;
import io.juwsgi.config.Suggestions;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The names that {@code plugins} may give without asking for anything: what is there anyway. */
final class PluginNames {
    /** Plugins of uWSGI whose work the program itself does. */
    private static final Set<String> CORE = Set.of("http", "corerouter", "0");

    private final Set<String> known = new TreeSet<>(CORE);

    PluginNames(Collection<String> ids, Collection<PluginSource> sources) {
        known.addAll(ids);
        for (PluginSource source : sources) {
            Path name = Path.of(source.shown()).getFileName();
            if (name != null) {
                known.add(name.toString());
            }
        }
    }

    /** Tells of each name that is unknown: a problem for {@code need-plugins}, a notice for {@code plugins}. */
    void check(List<PluginSources.Named> names, List<String> notices, List<String> problems) {
        for (PluginSources.Named named : names) {
            if (!isKnown(named.name())) {
                Setting setting = named.setting();
                boolean needed = setting.option() == PluginOptions.NEED_PLUGINS;
                (needed ? problems : notices)
                        .add(setting.origin() + ": " + setting.option().name() + ": " + unknown(named.name()));
            }
        }
    }

    /** {@code python3} and {@code python39} are {@code python}: uWSGI has one plugin a version. */
    private boolean isKnown(String name) {
        return known.contains(name) || known.contains(name.replaceFirst("[0-9]+$", ""));
    }

    private String unknown(String name) {
        if (name.endsWith(".so")) {
            return name + " is a plugin for uWSGI (expected: a name, or a file that ends in .jar)";
        }
        return "there is no plugin " + name
                + Suggestions.closest(name, known)
                        .map(meant -> " (did you mean " + meant + "?)")
                        .orElse(" (known: " + String.join(", ", known) + ")");
    }
}
