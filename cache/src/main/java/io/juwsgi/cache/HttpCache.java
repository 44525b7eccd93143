package io.juwsgi.cache;

import io.juwsgi.cache.CacheStatus.Forward;
import io.juwsgi.cache.rule.ByteRange;
import io.juwsgi.cache.rule.CacheControl;
import io.juwsgi.cache.rule.Freshness;
import io.juwsgi.cache.rule.Preconditions;
import io.juwsgi.cache.store.CacheKey;
import io.juwsgi.cache.store.DiskStore;
import io.juwsgi.cache.store.ResponseStore;
import io.juwsgi.cache.store.StoredResponse;
import io.juwsgi.cache.store.Variants;
import io.juwsgi.spi.Controllable;
import io.juwsgi.spi.cache.CacheStore;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.metric.MetricSink;
import io.juwsgi.spi.metric.MetricSource;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A shared cache (RFC 9111): answers from what is stored, and lets {@link Asking} ask for what is not. Thread-safe; its
 * methods that take a question are called on the event loop of that question.
 */
final class HttpCache implements Filter, Controllable, MetricSource {
    private static final System.Logger LOG = System.getLogger(HttpCache.class.getName());

    /** What outlives a reload: what is stored, what was counted, and who waits for what. */
    record Kept(ResponseStore store, Counters counters, Flights flights, SearchRules searches, FillMemory fills) {
        Kept(ResponseStore store) {
            this(store, new Counters(), new Flights(), new SearchRules(), new FillMemory());
        }
    }

    private final CacheSettings settings;
    private final Kept kept;
    private final InstantSource clock;
    private final Rules rules;
    private final @Nullable SharedStore shared;
    private final Purges purges;
    private final PurgeRequests purgeRequests;
    private final Asking asking;
    private volatile @Nullable DiskStore disk;

    /** Makes a cache over what a cache before this one may have stored. */
    HttpCache(CacheSettings settings, Rules rules, Kept kept, InstantSource clock, Optional<CacheStore> second) {
        this.settings = settings;
        this.rules = rules;
        this.kept = kept;
        this.clock = clock;
        shared =
                second.map(store -> new SharedStore(store, kept.store(), clock)).orElse(null);
        purges = new Purges(kept.store(), shared, rules, clock, kept.counters());
        purgeRequests = new PurgeRequests(
                this, settings.purgeFrom().stream().map(AddressRange::of).toList());
        asking = new Asking(this);
    }

    ResponseStore store() {
        return kept.store();
    }

    Counters counters() {
        return kept.counters();
    }

    Flights flights() {
        return kept.flights();
    }

    FillMemory fillMemory() {
        return kept.fills();
    }

    CacheSettings settings() {
        return settings;
    }

    Rules rules() {
        return rules;
    }

    Purges purges() {
        return purges;
    }

    InstantSource clock() {
        return clock;
    }

    /** Returns where large responses go, or null. */
    @Nullable
    DiskStore disk() {
        return disk;
    }

    /** Returns what several servers share, or null. */
    @Nullable
    SharedStore shared() {
        return shared;
    }

    @Override
    public void start() throws IOException {
        store().resize(settings.size().bytes());
        fillMemory().limit(settings.fillSize().bytes());
        openDisk();
        if (shared != null) {
            shared.start();
        }
    }

    private void openDisk() throws IOException {
        if (settings.disk().isPresent()) {
            DiskStore opened = new DiskStore(settings.disk().get());
            disk = opened;
            store().disk(opened, settings.diskSize().bytes());
            opened.look(store()::found);
        }
    }

    @Override
    public void close() throws Exception {
        DiskStore open = disk;
        if (open != null) {
            open.close();
        }
        if (shared != null) {
            shared.close();
        }
    }

    @Override
    public void handle(Exchange exchange, Handler next) {
        Request request = exchange.request();
        if (request.modifier1() != 0) {
            // Another application than the one that the stored responses are of.
            next.handle(exchange);
            return;
        }
        switch (request.method()) {
            case "GET", "HEAD" -> read(exchange, next);
            case "OPTIONS", "TRACE" -> next.handle(exchange);
            default -> {
                if (request.method().equals("PURGE") && purgeRequests.enabled()) {
                    purgeRequests.handle(exchange);
                } else {
                    CacheKey key = keyOf(request);
                    next.handle(exchange.withResponse(new Invalidation(exchange.response(), this, key)));
                }
            }
        }
    }

    private void read(Exchange exchange, Handler next) {
        Request request = exchange.request();
        CacheKey key = CacheKey.of(request);
        Rule rule = rules.of(key);
        if (passesBy(exchange) || !rule.covers(request.path())) {
            counters().bypassed.increment();
            next.handle(exchange.withResponse(new Marked(exchange)));
            return;
        }
        lookUp(new Question(exchange, next, counted(key, rule), rule, CacheControl.ofRequest(request.fields()), 0));
    }

    /** Returns what the response to a request is stored under. */
    CacheKey keyOf(Request request) {
        CacheKey key = CacheKey.of(request);
        return counted(key, rules.of(key));
    }

    private CacheKey counted(CacheKey key, Rule rule) {
        CacheKey counted = key.normalised(rule.normalisation());
        return settings.noVarySearch() ? kept.searches().applied(counted) : counted;
    }

    /** Takes what a response says of queries. */
    void learnSearch(CacheKey key, Fields response) {
        if (settings.noVarySearch()) {
            kept.searches().learn(key, response);
        }
    }

    /** Returns whether a request asks for more than the key tells, or for something that only the application can do. */
    private static boolean passesBy(Exchange exchange) {
        Fields fields = exchange.request().fields();
        return exchange.body().length() != 0
                || upgrades(fields)
                || fields.contains("if-match")
                || fields.contains("if-unmodified-since");
    }

    /** Returns whether the client wants another protocol; HTTP/2, which some offer with each request, is not spoken here. */
    private static boolean upgrades(Fields fields) {
        String protocol = fields.first("upgrade");
        return protocol != null && !protocol.equalsIgnoreCase("h2c");
    }

    /** Answers a question from what is stored, or asks. */
    void lookUp(Question question) {
        Variants variants = store().get(question.key());
        StoredResponse stored = variants == null ? null : variants.select(question.fields(), question.normalisation());
        long now = clock.millis();
        if (stored != null && stored.freshness().usable(question.wish(), now)) {
            hit(question, stored, now);
            return;
        }
        boolean forPart = question.fields().contains("range") && !question.isHead();
        if (forPart && variants != null && sentPart(question, variants, now)) {
            return;
        }
        if (stored != null && stored.freshness().usableWhileRevalidating(question.wish(), now)) {
            counters().staleWhileRevalidate.increment();
            send(question, stored, CacheStatus.hit(stored.freshness().left(now)));
            asking.refresh(question, stored);
        } else if (question.wish().onlyIfCached()) {
            question.exchange()
                    .fail(Failure.client(
                            504, "only-if-cached", "There is no stored response as the request wants it."));
        } else {
            counters().misses.increment();
            asking.ask(question, stored, why(variants, stored, now));
        }
    }

    private static Forward why(@Nullable Variants variants, @Nullable StoredResponse stored, long now) {
        if (variants == null) {
            return Forward.URI_MISS;
        }
        if (stored == null) {
            return Forward.VARY_MISS;
        }
        return stored.freshness().fresh(now) ? Forward.REQUEST : Forward.STALE;
    }

    private void hit(Question question, StoredResponse stored, long now) {
        counters().hits.increment();
        Freshness freshness = stored.freshness();
        long left = freshness.left(now);
        send(question, stored, CacheStatus.hit(left));
        if (settings.refresh() > 0 && left <= freshness.lifetime() * settings.refresh() / 100) {
            asking.refresh(question, stored);
        }
    }

    /** Answers a request for a part from a stored part, when all of it is there. */
    private boolean sentPart(Question question, Variants variants, long now) {
        StoredResponse stored = variants.selectPart(question.fields(), question.normalisation());
        ByteRange there = stored == null ? null : stored.part();
        if (stored == null || there == null || !stored.freshness().usable(question.wish(), now)) {
            return false;
        }
        boolean covered = Preconditions.rangeHolds(question.fields(), stored.fields())
                && ByteRange.wish(question.fields().first("range"), there.total())
                        instanceof ByteRange.Wish.Part(ByteRange range)
                && range.first() >= there.first()
                && range.last() <= there.last();
        if (covered) {
            counters().hits.increment();
            send(question, stored, CacheStatus.hit(stored.freshness().left(now)));
        }
        return covered;
    }

    /** Returns whether a stored response was made for such a request. */
    boolean matches(StoredResponse stored, Question question) {
        return stored.variation().matches(question.fields(), question.normalisation());
    }

    /** Sends a stored response. */
    void send(Question question, StoredResponse stored, String status) {
        try {
            counters().hitBytes.add(Hit.send(question.exchange(), stored, clock.millis(), status));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "request=" + question.exchange().id() + " a file of the cache is gone: " + e);
            store().forget(question.key(), stored);
            asking.alone(question);
        }
    }

    /** Asks for one client alone. */
    void alone(Question question) {
        if (!question.exchange().ended()) {
            asking.alone(question);
        }
    }

    /** Stores what an application has answered. */
    void keep(CacheKey key, StoredResponse response, long generation) {
        if (store().put(key, response, generation)) {
            counters().stored.increment();
            counters().storedBytes.add(response.body().length());
            if (shared != null) {
                shared.put(key, response);
            }
        }
    }

    @Override
    public String controlName() {
        return "cache";
    }

    @Override
    public String controlUsage() {
        return CacheControls.USAGE;
    }

    @Override
    public Map<String, ?> control(List<String> arguments) {
        return new CacheControls(this).control(arguments);
    }

    @Override
    public void metrics(MetricSink sink) {
        counters().metrics(sink, store(), fillMemory());
    }

    /** A response that has nothing to do with the cache, and says so. Owned by the exchange's event loop. */
    private static final class Marked extends ForwardingSink {
        Marked(Exchange exchange) {
            super(exchange.response());
        }

        @Override
        public void head(Response head) {
            head.fields().add(CacheStatus.FIELD, Forward.BYPASS.field());
            super.head(head);
        }
    }
}
