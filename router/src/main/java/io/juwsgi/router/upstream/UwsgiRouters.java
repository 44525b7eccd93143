package io.juwsgi.router.upstream;

import io.juwsgi.config.Option;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** uWSGI's options for its http router and its fastrouter, as upstreams. */
final class UwsgiRouters {
    /** The upstream that {@code http-to} makes. */
    static final String HTTP_TO = "http-to";

    /** The upstreams that {@code http-subscription-server} makes, by keys. */
    static final String HTTP_SUBSCRIPTIONS = "http-subscription-server";

    /** The upstream that {@code fastrouter-to} makes. */
    static final String FASTROUTER_TO = "fastrouter-to";

    /** The upstreams that {@code fastrouter-subscription-server} makes, by keys. */
    static final String FASTROUTER_SUBSCRIPTIONS = "fastrouter-subscription-server";

    /**
     * How requests are matched with keys.
     *
     * @param wildcards whether {@code .example.org} is a key for all names below
     * @param http the key of requests of http listeners that no other has; empty for none
     * @param fastrouter the same for the fastrouter
     */
    record Keys(boolean wildcards, String http, String fastrouter) {
        static Keys of(Settings settings) {
            return new Keys(
                    settings.get(UpstreamOptions.SUBSCRIPTION_DOTSPLIT),
                    settings.get(UpstreamOptions.HTTP_FALLBACK_KEY).orElse(""),
                    settings.get(UpstreamOptions.FASTROUTER_FALLBACK_KEY).orElse(""));
        }
    }

    private UwsgiRouters() {}

    /** Returns whether the upstream of this name stands for many, one for each key. */
    static boolean isKeyed(String name) {
        return name.equals(HTTP_SUBSCRIPTIONS) || name.equals(FASTROUTER_SUBSCRIPTIONS);
    }

    /** Returns the settings with one more upstream for each group of such options. */
    static Settings asUpstreams(Settings settings) {
        List<Setting> all = new ArrayList<>(settings.all());
        boolean http = settings.get(UpstreamOptions.HTTP_BACKEND_HTTP);
        String common = ",connect-timeout=" + settings.get(UpstreamOptions.HTTP_CONNECT_TIMEOUT) + "s";
        String ofHttp = common + ",eject-time=" + settings.get(UpstreamOptions.HTTP_GRACETIME) + "s,websockets="
                + (settings.get(UpstreamOptions.HTTP_WEBSOCKETS) || http) + ",protocol=" + (http ? "http" : "uwsgi");
        String ofFastrouter = common + ",eject-time=" + settings.get(UpstreamOptions.FASTROUTER_GRACETIME)
                + "s,timeout=" + settings.get(UpstreamOptions.FASTROUTER_TIMEOUT) + "s,forwarded=keep";
        String algorithm =
                ",balance=" + settings.get(UpstreamOptions.SUBSCRIPTION_ALGO).orElse("wrr");
        add(settings, all, HTTP_TO, ofHttp, UpstreamOptions.HTTP_TO, UpstreamOptions.HTTP_FALLBACK);
        add(
                settings,
                all,
                FASTROUTER_TO,
                ofFastrouter,
                UpstreamOptions.FASTROUTER_TO,
                UpstreamOptions.FASTROUTER_FALLBACK);
        addKeyed(settings, all, HTTP_SUBSCRIPTIONS, ofHttp + algorithm, UpstreamOptions.HTTP_SUBSCRIPTIONS);
        addKeyed(
                settings,
                all,
                FASTROUTER_SUBSCRIPTIONS,
                ofFastrouter + algorithm,
                UpstreamOptions.FASTROUTER_SUBSCRIPTIONS);
        return new Settings(all);
    }

    private static void add(
            Settings settings,
            List<Setting> all,
            String name,
            String more,
            Option<List<String>> servers,
            Option<List<String>> fallback) {
        StringJoiner joined = new StringJoiner("|");
        settings.of(servers).forEach(setting -> joined.add(escaped(setting.value())));
        settings.of(fallback).forEach(setting -> joined.add(escaped(setting.value()) + " backup"));
        if (joined.length() > 0) {
            Setting first = settings.has(servers)
                    ? settings.of(servers).getFirst()
                    : settings.of(fallback).getFirst();
            all.add(new Setting(
                    UpstreamOptions.UPSTREAMS, "name=" + name + ",servers=" + joined + more, first.origin()));
        }
    }

    private static void addKeyed(
            Settings settings, List<Setting> all, String name, String more, Option<List<String>> addresses) {
        StringJoiner joined = new StringJoiner("|");
        settings.of(addresses).forEach(setting -> joined.add("subscription:" + escaped(setting.value())));
        if (joined.length() > 0) {
            all.add(new Setting(
                    UpstreamOptions.UPSTREAMS,
                    "name=" + name + ",servers=" + joined + more,
                    settings.of(addresses).getFirst().origin()));
        }
    }

    /** A comma parts settings there, and an address from its modifiers here. */
    private static String escaped(String value) {
        return value.replace(",", "\\,");
    }
}
