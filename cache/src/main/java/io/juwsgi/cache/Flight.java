package io.juwsgi.cache;

import io.juwsgi.cache.store.StoredResponse;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One request to the application for all clients that want the same. They wait until the head is there; when the response
 * may be stored they get it while it comes, otherwise the first one has it and the others ask for themselves, all at a time.
 *
 * <p>Any thread joins and leaves; the rest belongs to the event loop of the {@link Fetch}. What is shared is guarded by this
 * object's lock, under which nothing else is called.
 */
final class Flight {
    /** How much of a response that is too large to be stored waits for its slowest client. */
    private static final long WINDOW = 256 * 1024;
    /** The same when memory for such responses is used up: there may be thousands of them. */
    private static final long NARROW_WINDOW = 16 * 1024;

    private enum Phase {
        WAITING,
        SHARED,
        OVER
    }

    private final HttpCache cache;
    private final @Nullable Question leader;
    private final Executor home;
    private final boolean lonely;
    private final SharedBody body;
    private final List<Question> waiting = new ArrayList<>(2);
    private final List<Follower> followers = new ArrayList<>(2);
    private volatile Flights.@Nullable Name name;
    private boolean timed;
    private Phase phase = Phase.WAITING;
    private @Nullable StoredResponse head;
    private long declared = -1;
    private List<String> announced = List.of();
    private @Nullable Fetch fetch;

    /**
     * Makes a flight.
     *
     * @param first who asks
     * @param background whether the one who asks has been answered
     * @param lonely whether nobody else may join
     */
    Flight(HttpCache cache, Question first, boolean background, boolean lonely) {
        this.cache = cache;
        this.leader = background ? null : first;
        this.home = first.exchange().eventLoop();
        this.lonely = lonely;
        this.body = new SharedBody(cache.settings().maxEntry().bytes(), cache.fillMemory());
        if (!background) {
            waiting.add(first);
        }
    }

    SharedBody body() {
        return body;
    }

    /** Returns who asked first, null when it does not wait any more. */
    synchronized @Nullable Question first() {
        return leader != null && waiting.contains(leader) ? leader : null;
    }

    /** Returns whether somebody reads what comes. */
    synchronized boolean followed() {
        return !followers.isEmpty();
    }

    boolean background() {
        return leader == null;
    }

    synchronized boolean isOver() {
        return phase == Phase.OVER;
    }

    /** Returns true once: then somebody waits who did not ask first. */
    synchronized boolean firstToWait() {
        boolean first = !timed && phase == Phase.WAITING;
        timed |= first;
        return first;
    }

    boolean lonely() {
        return lonely;
    }

    void name(Flights.@Nullable Name now) {
        name = now;
    }

    Flights.@Nullable Name name() {
        return name;
    }

    /** Lets a client in; returns false when it is too late, or the client wants a newer response than this will be. */
    boolean join(Question question) {
        Follower follower = null;
        StoredResponse shared;
        synchronized (this) {
            shared = head;
            boolean tooLate = phase == Phase.OVER || (phase == Phase.SHARED && body.overflows());
            boolean tooOld = phase == Phase.SHARED
                    && (question.wish().noCache() || question.wish().maxAge() >= 0);
            if (tooLate || tooOld) {
                return false;
            }
            if (phase == Phase.WAITING || shared == null) {
                waiting.add(question);
            } else {
                follower = new Follower(this, question, body, false);
                followers.add(follower);
            }
        }
        if (follower != null && shared != null) {
            follow(question, follower, shared);
        }
        return true;
    }

    /** Watches over a client that waits: it may go at any time, and nobody else is hurt. */
    void watch(Question question) {
        question.exchange().onEnd(() -> leave(question));
    }

    private void leave(Question question) {
        Fetch unwanted = null;
        synchronized (this) {
            if (phase == Phase.WAITING && waiting.remove(question) && waiting.isEmpty() && leader != null) {
                unwanted = fetch;
            }
        }
        if (unwanted != null) {
            home.execute(unwanted::cancel);
        }
    }

    void leave(Follower follower) {
        Fetch unwanted = null;
        boolean unread;
        synchronized (this) {
            followers.remove(follower);
            unread = followers.isEmpty() && phase == Phase.OVER;
            if (followers.isEmpty() && body.overflows()) {
                unwanted = fetch;
            }
        }
        if (unread) {
            body.release();
        }
        if (unwanted != null) {
            home.execute(unwanted::cancel);
        } else {
            progressed();
        }
    }

    void begun(Fetch by) {
        boolean unwanted;
        synchronized (this) {
            fetch = by;
            unwanted = leader != null && waiting.isEmpty();
        }
        if (unwanted) {
            by.cancel();
        }
    }

    /** After some time of waiting: those that only wait go on by themselves. */
    void tooSlow() {
        List<Question> others;
        synchronized (this) {
            if (phase != Phase.WAITING) {
                return;
            }
            others = waiting.stream()
                    .filter(question -> !question.equals(leader))
                    .toList();
            waiting.removeAll(others);
        }
        cache.flights().remove(this);
        others.forEach(question -> question.exchange().eventLoop().execute(() -> cache.alone(question)));
    }

    // ---- what the fetch says

    /** The response may be stored: everybody who asked for this variant gets it as it comes. */
    void share(StoredResponse stored, Response original, long length) {
        List<Question> all;
        synchronized (this) {
            phase = Phase.SHARED;
            head = stored;
            declared = length;
            announced = List.copyOf(original.fields().all("trailer"));
            all = List.copyOf(waiting);
            waiting.clear();
        }
        cache.flights().moved(this, stored.variation());
        for (Question question : all) {
            if (question.equals(leader)) {
                lead(question, stored, original);
            } else if (cache.matches(stored, question)) {
                follow(question, stored);
            } else {
                question.run(home, () -> cache.lookUp(question.again()));
            }
        }
    }

    private Follower added(Question question) {
        Follower follower = new Follower(this, question, body, question.equals(leader));
        synchronized (this) {
            followers.add(follower);
        }
        return follower;
    }

    private void lead(Question question, StoredResponse stored, Response original) {
        Fetch by = fetch;
        Fields fields = original.fields();
        fields.add(CacheStatus.FIELD, (by == null ? "" : by.why().field()) + "; stored");
        added(question).begin(stored, fields, by != null && by.withoutConditions());
    }

    private void follow(Question question, StoredResponse stored) {
        follow(question, added(question), stored);
    }

    private void follow(Question question, Follower follower, StoredResponse stored) {
        question.run(home, () -> {
            cache.counters().collapsed.increment();
            Fields fields = Hit.fields(stored, cache.clock().millis());
            if (declared >= 0) {
                fields.add("Content-Length", Long.toString(declared));
            }
            announced.forEach(names -> fields.add("Trailer", names));
            fields.add(CacheStatus.FIELD, CacheStatus.Forward.URI_MISS.field() + "; collapsed");
            follower.begin(stored, fields, true);
        });
    }

    /** There is more to read, or nothing more will come. */
    void tell() {
        List<Follower> all;
        synchronized (this) {
            all = List.copyOf(followers);
        }
        for (Follower follower : all) {
            if (follower.exchange().eventLoop().equals(home)) {
                follower.run();
            } else {
                follower.wake();
            }
        }
    }

    /** There is a whole response for everybody whom it suits; the others go on. */
    void serve(StoredResponse stored, String status, Predicate<Question> suits) {
        for (Question question : over()) {
            question.run(home, () -> {
                if (question.exchange().ended()) {
                    return;
                }
                if (cache.matches(stored, question) && suits.test(question)) {
                    cache.send(question, stored, question.equals(leader) ? status : status + "; collapsed");
                } else {
                    cache.alone(question);
                }
            });
        }
    }

    /** Everybody but the first one asks for himself; returns that one, null when it is gone. */
    @Nullable
    Question release() {
        Question first = null;
        for (Question question : over()) {
            if (question.equals(leader)) {
                first = question;
            } else {
                question.run(home, () -> cache.alone(question));
            }
        }
        return first;
    }

    /** Nothing more comes of this; returns who still waited. */
    List<Question> over() {
        List<Question> all;
        boolean unread;
        synchronized (this) {
            phase = Phase.OVER;
            all = List.copyOf(waiting);
            waiting.clear();
            unread = followers.isEmpty();
        }
        if (unread) {
            body.release();
        }
        cache.flights().remove(this);
        return all;
    }

    // ---- a response that cannot be kept in memory

    /** Returns whether the application may go on: what cannot be kept waits for the slowest client. */
    boolean writable() {
        return !body.overflows() || trim() <= (cache.fillMemory().full() ? NARROW_WINDOW : WINDOW);
    }

    /** Gives back what all have read of it; returns how many bytes are left. */
    long trim() {
        int readByAll = Integer.MAX_VALUE;
        synchronized (this) {
            for (Follower follower : followers) {
                readByAll = Math.min(readByAll, follower.read());
            }
        }
        return body.trim(readByAll);
    }

    /** A client has taken something, or has gone. */
    void progressed() {
        Fetch by = fetch;
        if (by != null && body.overflows()) {
            home.execute(by::resume);
        }
    }
}
