package io.juwsgi.cli.plugin;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.router.upstream.UpstreamConfig;
import io.juwsgi.spi.balance.UpstreamUser;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What plugins find wrong with settings: everything that would keep the server from starting, and nothing is started. */
public final class SettingsCheck {
    private SettingsCheck() {}

    /** Returns a line for each value that is missing or wrong. */
    public static List<String> of(PluginRegistry plugins, Settings settings) {
        List<String> wrong = new ArrayList<>();
        for (Registered<?, ?> extension : plugins.extensions()) {
            if (isMadeWhenNamed(extension.kind()) && extension.options().active(settings)) {
                var _ = extension.options().decode(settings, wrong);
            }
        }
        fronts(plugins, settings, wrong);
        try (Components made = Components.prepare(plugins.extensions(), plugins.handlerLanguages(), settings)) {
            var _ = made.plan();
            upstreams(plugins, settings, made.offering(UpstreamUser.class), wrong);
        } catch (ConfigException e) {
            String.valueOf(e.getMessage()).lines().forEach(wrong::add);
        }
        return wrong;
    }

    private static void upstreams(
            PluginRegistry plugins, Settings settings, List<UpstreamUser> users, List<String> wrong) {
        UpstreamConfig upstreams;
        try {
            upstreams = UpstreamConfig.of(settings);
        } catch (ConfigException e) {
            // The router tells of that.
            return;
        }
        wrong.addAll(UpstreamExtensions.unknown(plugins.extensions(), upstreams.named()));
        for (UpstreamUser user : users) {
            wrong.addAll(upstreams.unknown(user.upstreams()));
        }
    }

    private static void fronts(PluginRegistry plugins, Settings settings, List<String> wrong) {
        try {
            Set<String> wanted = FrontChoice.of(plugins.extensions(), settings);
            for (Registered<?, ?> extension : plugins.extensions()) {
                if (extension.kind() instanceof Kind.Front && wanted.contains(extension.id())) {
                    var _ = extension.options().decode(settings, wrong);
                }
            }
        } catch (ConfigException e) {
            String.valueOf(e.getMessage()).lines().forEach(wrong::add);
        }
    }

    /** Others are made of the settings right away, and tell then what is wrong. */
    private static boolean isMadeWhenNamed(Kind kind) {
        return kind instanceof Kind.ForUpstreams || kind instanceof Kind.Tls || kind instanceof Kind.SubCommand;
    }
}
