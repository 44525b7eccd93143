package io.juwsgi.testkit;

import io.juwsgi.config.Option;
import io.juwsgi.config.OptionRegistry;
import io.juwsgi.config.Settings;
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
import io.juwsgi.spi.extension.Context;
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
import java.util.Optional;

/** Takes what one plugin offers. Used on the test's thread. */
final class Registration implements Extensions {

    /** Where an extension goes. */
    sealed interface Kind {
        record InChain(Phase phase) implements Kind {}

        record AtMount() implements Kind {}

        record SubCommand() implements Kind {}

        record Service() implements Kind {}

        /** Its id and its options begin with the prefix. */
        record ForUpstreams(String prefix) implements Kind {}

        record ForCaches() implements Kind {}

        record Front() implements Kind {}

        /** Returns the id that an extension has among those of all kinds. */
        default String idOf(Extension<?, ?> extension) {
            return this instanceof ForUpstreams(String prefix) ? prefix + extension.id() : extension.id();
        }

        /** Returns whether its extensions are turned on by being named elsewhere. */
        default boolean isNamed() {
            return this instanceof ForUpstreams || this instanceof ForCaches || this instanceof Front;
        }

        record Tls() implements Kind {}
    }

    /** What was made of an extension and its settings. */
    record Part(String id, Kind kind, Record settings, LifeCycle instance) {}

    /** An extension with its options. */
    record Offer<S extends Record>(Kind kind, Extension<S, ? extends LifeCycle> extension, RecordOptions<S> options) {

        boolean wanted(Settings settings) {
            return kind instanceof Kind.SubCommand || kind.isNamed() || options.active(settings);
        }

        /** Returns the part, or nothing when the settings are wrong; then there is a line in {@code failures}. */
        Optional<Part> make(Settings settings, Context context, List<String> failures) {
            return options.decode(settings, failures)
                    .map(record -> new Part(
                            extension.id(), kind, record, extension.factory().create(record, context)));
        }
    }

    /** The words of internal routing. */
    private record Words(
            List<RouteWord<RouteAction>> actions,
            List<RouteWord<RouteCondition>> conditions,
            List<RouteWord<RouteVariable>> variables)
            implements RouteWords {}

    private final Words words = new Words(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    private final OptionRegistry options = new OptionRegistry();
    private final List<Offer<?>> offers = new ArrayList<>();
    private final List<Option<?>> ownOptions = new ArrayList<>();
    private final List<ApplicationLanguage> languages = new ArrayList<>();
    private final List<LogType<Logger>> loggers = new ArrayList<>();
    private final List<LogType<LogEncoder>> logEncoders = new ArrayList<>();
    private final List<HandlerLanguage> handlerLanguages = new ArrayList<>();

    OptionRegistry registry() {
        return options;
    }

    List<Offer<?>> offers() {
        return offers;
    }

    /** Returns all options of the plugin: those of its extensions and those that it registered as such. */
    List<Option<?>> options() {
        return ownOptions;
    }

    List<ApplicationLanguage> languages() {
        return languages;
    }

    List<LogType<Logger>> loggers() {
        return loggers;
    }

    List<LogType<LogEncoder>> logEncoders() {
        return logEncoders;
    }

    List<HandlerLanguage> handlerLanguages() {
        return handlerLanguages;
    }

    private <S extends Record> void add(Kind kind, Extension<S, ? extends LifeCycle> extension) {
        String id = kind.idOf(extension);
        if (offers.stream().anyMatch(o -> o.kind().idOf(o.extension()).equals(id))) {
            throw new IllegalArgumentException("the id " + id + " is there already");
        }
        RecordOptions<S> settings = RecordOptions.of(id, extension.settings()).triggeredBy(extension.triggers());
        options(kind.isNamed() ? settings.componentOptions() : settings.options());
        offers.add(new Offer<>(kind, extension, settings));
    }

    @Override
    public void filter(Phase phase, Extension<?, ? extends Filter> filter) {
        add(new Kind.InChain(phase), filter);
    }

    @Override
    public <S extends Record & Mounted> void handler(Extension<S, ? extends BlockingHandler> handler) {
        add(new Kind.AtMount(), handler);
    }

    @Override
    public <S extends Record & Mounted> void asyncHandler(Extension<S, ? extends Handler> handler) {
        add(new Kind.AtMount(), handler);
    }

    @Override
    public void command(Extension<?, ? extends Command> command) {
        add(new Kind.SubCommand(), command);
    }

    @Override
    public void tls(Extension<?, ? extends TlsProvider> provider) {
        add(new Kind.Tls(), provider);
    }

    @Override
    public void front(Extension<?, ? extends ProtocolFront> front) {
        add(new Kind.Front(), front);
    }

    @Override
    public void service(Extension<?, ? extends LifeCycle> service) {
        add(new Kind.Service(), service);
    }

    @Override
    public void balancer(Extension<?, ? extends BalancerFactory> balancer) {
        add(new Kind.ForUpstreams("balance-"), balancer);
    }

    @Override
    public void healthCheck(Extension<?, ? extends HealthCheck> check) {
        add(new Kind.ForUpstreams("check-"), check);
    }

    @Override
    public void discovery(Extension<?, ? extends Discovery> discovery) {
        add(new Kind.ForUpstreams("discover-"), discovery);
    }

    @Override
    public void fleetLimits(Extension<?, ? extends FleetLimits> limits) {
        add(new Kind.ForUpstreams("fleet-"), limits);
    }

    @Override
    public void cacheStore(Extension<?, ? extends CacheStore> store) {
        add(new Kind.ForCaches(), store);
    }

    @Override
    public void options(Collection<Option<?>> added) {
        options.add("plugin", added);
        ownOptions.addAll(added);
    }

    @Override
    public void logger(LogType<Logger> type) {
        add("logger", loggers, type);
    }

    @Override
    public void logEncoder(LogType<LogEncoder> type) {
        add("log encoder", logEncoders, type);
    }

    private static <T> void add(String word, List<LogType<T>> types, LogType<T> type) {
        if (types.stream().anyMatch(known -> known.id().equals(type.id()))) {
            throw new IllegalArgumentException("the " + word + " " + type.id() + " is there already");
        }
        types.add(type);
    }

    @Override
    public void routeAction(RouteWord<RouteAction> action) {
        words.actions().add(action);
    }

    @Override
    public void routeCondition(RouteWord<RouteCondition> condition) {
        words.conditions().add(condition);
    }

    @Override
    public void routeVariable(RouteWord<RouteVariable> variable) {
        words.variables().add(variable);
    }

    @Override
    public RouteWords routeWords() {
        return words;
    }

    @Override
    public void language(ApplicationLanguage language) {
        languages.add(language);
    }

    @Override
    public void language(HandlerLanguage language) {
        handlerLanguages.add(language);
    }
}
