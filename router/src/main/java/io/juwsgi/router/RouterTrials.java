package io.juwsgi.router;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import io.juwsgi.router.listener.ConnectionCaps;
import io.juwsgi.router.listener.ListenAddress;
import io.juwsgi.router.proxy.ProxyTrust;
import io.juwsgi.router.spool.Buffering;
import io.juwsgi.router.upstream.UpstreamConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What the data plane would refuse at its start, without starting it. */
public final class RouterTrials {
    private RouterTrials() {}

    /** Returns the trials; each throws a {@link ConfigException} with a line for each mistake that it finds. */
    public static List<Consumer<Settings>> all() {
        return List.of(
                FrontSettings::limits,
                FrontSettings::httpModifiers,
                FrontSettings::httpSocketModifiers,
                Buffering::of,
                settings -> FrontSettings.pool(settings, Buffering.off()),
                FrontSettings::socketMode,
                FrontSettings::socketsSpeakHttp,
                RouterTrials::addresses,
                NamedFront::of,
                ErrorPageOptions::check,
                ProxyTrust::of,
                settings -> ConnectionCaps.of(settings, channel -> false),
                UpstreamConfig::of);
    }

    private static void addresses(Settings settings) {
        List<String> failures = new ArrayList<>();
        for (Option<List<String>> option : List.of(
                RouterOptions.HTTP,
                RouterOptions.HTTP_SOCKET,
                RouterOptions.SOCKET,
                RouterOptions.UWSGI_SOCKET,
                RouterOptions.METRICS)) {
            for (String text : settings.get(option)) {
                try {
                    ListenAddress.parse(option.name(), text);
                } catch (ConfigException e) {
                    failures.add(String.valueOf(e.getMessage()));
                }
            }
        }
        if (!failures.isEmpty()) {
            throw new ConfigException(String.join("\n", failures));
        }
    }
}
