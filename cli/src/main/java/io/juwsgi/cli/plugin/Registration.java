package io.juwsgi.cli.plugin;

import io.juwsgi.config.Option;
import io.juwsgi.config.OptionRegistry;
import io.juwsgi.config.typed.RecordOptions;
import io.juwsgi.spi.Command;
import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.balance.BalancerFactory;
import io.juwsgi.spi.balance.Discovery;
import io.juwsgi.spi.balance.FleetLimits;
import io.juwsgi.spi.balance.HealthCheck;
import io.juwsgi.spi.cache.CacheStore;
import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.extension.Extension;
import io.juwsgi.spi.extension.LifeCycle;
import io.juwsgi.spi.extension.Mounted;
import io.juwsgi.spi.front.ProtocolFront;
import io.juwsgi.spi.log.LogEncoder;
import io.juwsgi.spi.log.LogType;
import io.juwsgi.spi.log.Logger;
import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteCondition;
import io.juwsgi.spi.route.RouteVariable;
import io.juwsgi.spi.route.RouteWord;
import io.juwsgi.spi.route.RouteWords;
import io.juwsgi.spi.tls.TlsProvider;
import io.juwsgi.spi.worker.ApplicationLanguage;
import io.juwsgi.spi.worker.HandlerLanguage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Takes what one plugin offers. */
final class Registration implements Extensions {
    private final String plugin;
    private final OptionRegistry options;
    private final Offered offered;
    private final List<Offer> offers = new ArrayList<>();

    Registration(String plugin, OptionRegistry options, Offered offered) {
        this.plugin = plugin;
        this.options = options;
        this.offered = offered;
    }

    /** Returns what the plugin has registered. */
    List<Offer> offers() {
        List<Offer> all = new ArrayList<>(offers);
        all.addAll(offered.words.counted(plugin));
        return all;
    }

    @Override
    public void filter(Phase phase, Extension<?, ? extends Filter> filter) {
        add("filter", phase.name().toLowerCase(Locale.ROOT), new Kind.InChain(phase), filter);
    }

    @Override
    public <S extends Record & Mounted> void handler(Extension<S, ? extends BlockingHandler> handler) {
        add("handler", "", new Kind.Blocking(), handler);
    }

    @Override
    public <S extends Record & Mounted> void asyncHandler(Extension<S, ? extends Handler> handler) {
        add("handler", "asynchronous", new Kind.Async(), handler);
    }

    @Override
    public void command(Extension<?, ? extends Command> command) {
        add("command", "", new Kind.SubCommand(), command);
    }

    @Override
    public void tls(Extension<?, ? extends TlsProvider> provider) {
        add("TLS provider", "", new Kind.Tls(), provider);
    }

    @Override
    public void front(Extension<?, ? extends ProtocolFront> front) {
        add("protocol front", "front-socket " + front.id() + "=ADDRESS", new Kind.Front(), front);
    }

    @Override
    public void service(Extension<?, ? extends LifeCycle> service) {
        add("service", "", new Kind.Service(), service);
    }

    @Override
    public void balancer(Extension<?, ? extends BalancerFactory> balancer) {
        add("balancer", "", new Kind.ForUpstreams("balance-"), balancer);
    }

    @Override
    public void healthCheck(Extension<?, ? extends HealthCheck> check) {
        add("health check", "", new Kind.ForUpstreams("check-"), check);
    }

    @Override
    public void discovery(Extension<?, ? extends Discovery> discovery) {
        add("discovery", "", new Kind.ForUpstreams("discover-"), discovery);
    }

    @Override
    public void fleetLimits(Extension<?, ? extends FleetLimits> limits) {
        add("fleet limits", "", new Kind.ForUpstreams("fleet-"), limits);
    }

    @Override
    public void cacheStore(Extension<?, ? extends CacheStore> store) {
        add("cache store", "", new Kind.ForCaches(), store);
    }

    private <S extends Record, T extends LifeCycle> void add(
            String word, String detail, Kind kind, Extension<S, T> extension) {
        String id = kind.idOf(extension);
        Registered<?, ?> taken = offered.extensions.get(id);
        if (taken != null) {
            throw new IllegalArgumentException("plugin " + plugin + ": " + word + " " + extension.id()
                    + " is there already, from plugin " + taken.plugin());
        }
        RecordOptions<S> settings = RecordOptions.of(id, extension.settings()).triggeredBy(extension.triggers());
        boolean named =
                kind instanceof Kind.ForUpstreams || kind instanceof Kind.ForCaches || kind instanceof Kind.Front;
        options.add("plugin " + plugin, named ? settings.componentOptions() : settings.options());
        offered.extensions.put(id, new Registered<>(plugin, kind, extension, settings));
        offers.add(new Offer(word, extension.id(), detail));
    }

    @Override
    public void options(Collection<Option<?>> added) {
        options.add("plugin " + plugin, added);
        offers.add(new Offer("options", "", String.valueOf(added.size())));
    }

    @Override
    public void logger(LogType<Logger> type) {
        add("logger", offered.loggers, type);
    }

    @Override
    public void logEncoder(LogType<LogEncoder> type) {
        add("log encoder", offered.logEncoders, type);
    }

    private <T> void add(String word, Map<String, LogType<T>> types, LogType<T> type) {
        if (types.putIfAbsent(type.id(), type) != null) {
            throw new IllegalArgumentException(
                    "plugin " + plugin + ": " + word + " " + type.id() + " is there already (expected: a free id)");
        }
        offers.add(new Offer(word, type.id(), type.usage()));
    }

    @Override
    public void routeAction(RouteWord<RouteAction> action) {
        offered.words.action(plugin, action);
    }

    @Override
    public void routeCondition(RouteWord<RouteCondition> condition) {
        offered.words.condition(plugin, condition);
    }

    @Override
    public void routeVariable(RouteWord<RouteVariable> variable) {
        offered.words.variable(plugin, variable);
    }

    @Override
    public RouteWords routeWords() {
        return offered.words;
    }

    @Override
    public void language(ApplicationLanguage language) {
        claim(language.name(), language.modifiers());
        language.modifiers().forEach(modifier -> offered.languages.put(modifier, language));
    }

    @Override
    public void language(HandlerLanguage language) {
        claim(language.name(), language.modifiers());
        offered.handlerLanguages.add(language);
    }

    private void claim(String name, Set<Integer> modifiers) {
        offered.claim(plugin, modifiers);
        offers.add(new Offer("language", name, "modifier1 " + joined(new TreeSet<>(modifiers))));
    }

    private String joined(Collection<Integer> modifiers) {
        return String.join(", ", modifiers.stream().map(String::valueOf).toList());
    }
}
