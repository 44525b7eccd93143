package io.juwsgi.master;

import io.juwsgi.processes.Backoff;
import io.juwsgi.processes.Deadline;
import io.juwsgi.spi.worker.WorkerGroup;
import io.juwsgi.spi.worker.ZygoteCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The generation that serves, the one that is to follow it, and those that leave: starts, reloads and their failures.
 *
 * <p>Mutable; owned by the master's thread.
 */
final class Generations {
    private final Blueprint.Source source;
    private final CompletableFuture<BootResult> boot;
    private final ReloadNews news;
    private final List<Runnable> replacing = new CopyOnWriteArrayList<>();
    private final Backoff rebootBackoff;
    private final Deadline reboot = new Deadline();
    /** What the serving generation works by; at first what the first one is to. */
    private PlaneContext context;

    /** The look at the configuration that is under way. */
    private @Nullable Planning planning;

    private final List<Generation> retiring = new ArrayList<>();
    private @Nullable Generation current;
    private @Nullable Generation upcoming;
    private int nextNumber;
    /** What is to follow the reload that is under way. */
    private @Nullable ReloadScope next;

    /** Whether the generation that is being replaced gets no time. */
    private boolean brutal;

    private boolean rebootPlanned;
    private boolean rebootFailed;
    private boolean bootFailing;

    Generations(PlaneContext context, Blueprint.Source source, CompletableFuture<BootResult> boot, ReloadNews news) {
        this.context = context;
        this.source = source;
        this.boot = boot;
        this.news = news;
        this.rebootBackoff = context.timings().backoff();
    }

    /** Calls {@code listener} whenever a reload replaces a generation; any thread may ask for that. */
    void whenReplacing(Runnable listener) {
        replacing.add(listener);
    }

    /** Starts the first generation, if there is anything to load. */
    void begin(Blueprint first, long now) {
        if (first.command().isPresent()) {
            launch(first.command().get(), context, now);
        } else {
            neverBooted(new Generation.Failure(context.plan().bootFailureCode(), "no application to load", true));
        }
    }

    private void launch(ZygoteCommand zygote, PlaneContext worksBy, long now) {
        rebootPlanned = false;
        Generation generation = new Generation(nextNumber++, worksBy, now);
        upcoming = generation;
        context.log().line("loading the application: " + zygote.description());
        generation.start(zygote, now);
    }

    /** Replaces workers, and with most scopes what they have loaded. */
    void reload(ReloadScope scope, long now) {
        Generation serving = current;
        // Without lazy-apps a worker knows only what its zygote has loaded: replacing it alone would bring old code.
        boolean oldCode = scope == ReloadScope.CHAIN && !context.plan().lazy();
        if (scope == ReloadScope.ALL || scope == ReloadScope.BRUTAL) {
            replace(scope, now);
        } else if (serving == null || oldCode) {
            replace(ReloadScope.ALL, now);
        } else {
            context.log().line(scope.notice());
            serving.crew().renew(scope, now);
        }
    }

    /** Starts a generation that is to replace the current one. */
    private void replace(ReloadScope scope, long now) {
        Generation booting = upcoming;
        if (isYoung(booting, now) || isYoung(planning, now)) {
            context.log().line("a reload is under way, another one will follow it");
            next = scope == ReloadScope.BRUTAL || next == ReloadScope.BRUTAL ? ReloadScope.BRUTAL : ReloadScope.ALL;
            return;
        }
        if (booting != null) {
            context.log().line("generation " + booting.number() + " does not come up, giving it up");
            booting.retire(context.plan().mercy(), now);
            retiring.add(booting);
            upcoming = null;
        }
        brutal = scope == ReloadScope.BRUTAL;
        context.log().line(scope.notice());
        news.began("generation " + nextNumber + " is loading");
        plan(true, now);
    }

    private boolean isYoung(@Nullable Generation booting, long now) {
        return booting != null && booting.age(now).compareTo(context.timings().bootPatience()) < 0;
    }

    private boolean isYoung(@Nullable Planning looking, long now) {
        return looking != null
                && now - looking.begun() < context.timings().bootPatience().toNanos();
    }

    private void plan(boolean anew, long now) {
        rebootPlanned = false;
        Planning next = new Planning(anew, now);
        planning = next;
        next.start(source, context.events());
    }

    /** Takes what a look has found, unless it was given up. */
    void planned(MasterEvent.Planned found, long now) {
        if (!found.planning().equals(planning)) {
            return;
        }
        planning = null;
        Blueprint blueprint = found.blueprint();
        if (blueprint == null) {
            shout(found.problem());
            return;
        }
        if (found.planning().anew()) {
            blueprint.adopted().run();
            replacing.forEach(Runnable::run);
        }
        if (blueprint.command().isPresent()) {
            launch(blueprint.command().get(), context.with(blueprint.plan()), now);
        } else {
            shout("there is no application to load any more");
        }
    }

    private void shout(@Nullable String reason) {
        Generation serving = current;
        rebootFailed = serving != null && serving.zygote().hasEnded();
        String goesOn = serving == null || !serving.crew().anyReady()
                ? "no worker serves"
                : "generation " + serving.number() + " goes on serving the old code";
        context.log().line("*** RELOAD FAILED: " + reason + " (" + goesOn + ") ***");
        news.ended("reload failed: " + firstLine(String.valueOf(reason)) + " (" + goesOn + ")");
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    /** Drives everything towards what is wanted: the loop calls it after each message and each deadline. */
    void settle(long now) {
        Generation booting = upcoming;
        if (booting != null) {
            settleUpcoming(booting, now);
        }
        settleReboot(now);
        ReloadScope following = next;
        if (following != null && upcoming == null && planning == null) {
            next = null;
            replace(following, now);
        }
        fill(current, now);
        fill(upcoming, now);
        removeEnded();
    }

    private static void fill(@Nullable Generation generation, long now) {
        if (generation != null) {
            generation.fill(now);
        }
    }

    private void settleUpcoming(Generation booting, long now) {
        boolean complete = booting.zygote().hasBooted() && booting.crew().allReady();
        boolean usable = complete || (booting.crew().anyReady() && !serves(current));
        if (!usable && booting.zygote().hasEnded()) {
            booting.fail(1, "the zygote died before its workers were ready", now);
        }
        if (booting.hasFailed()) {
            if (!booting.isRetiring()) {
                booting.retire(context.plan().mercy(), now);
            }
            Generation.Failure failure = booting.toldFailure();
            if (failure != null) {
                giveUp(booting, failure);
            }
        } else if (usable) {
            promote(booting, now);
        }
    }

    private static boolean serves(@Nullable Generation generation) {
        return generation != null && generation.crew().anyReady();
    }

    private void promote(Generation booting, long now) {
        Generation old = current;
        current = booting;
        context = booting.context();
        upcoming = null;
        rebootFailed = false;
        boot.complete(new BootResult.Loaded());
        news.ended("generation " + booting.number() + " serves");
        if (old != null) {
            context.log().line("generation " + booting.number() + " is ready");
            context.log().line("...gracefully killing workers...");
            old.retire(brutal ? Duration.ZERO : context.plan().mercy(), now);
            brutal = false;
            retiring.add(old);
        }
    }

    private void giveUp(Generation booting, Generation.Failure failure) {
        upcoming = null;
        retiring.add(booting);
        if (boot.isDone()) {
            shout(failure.reason());
        } else {
            neverBooted(failure);
        }
    }

    private void neverBooted(Generation.Failure failure) {
        if (failure.nothing() && !context.plan().needApp()) {
            context.log().line("no application to load: nothing is served until a reload finds one");
            boot.complete(new BootResult.NothingToLoad());
            return;
        }
        context.log().line("the application cannot be loaded: " + failure.reason());
        bootFailing = true;
        context.events().accept(new MasterEvent.Abort(failure.exitCode()));
        boot.complete(new BootResult.Failed(failure.exitCode(), failure.reason()));
    }

    /** A generation without a zygote cannot replace its workers: another one must follow it. */
    private void settleReboot(long now) {
        Generation serving = current;
        if (serving == null || !serving.zygote().hasEnded() || upcoming != null || planning != null) {
            return;
        }
        if (!rebootPlanned) {
            rebootPlanned = true;
            Duration delay = rebootBackoff.ended(serving.age(now));
            reboot.in(delay, now);
            context.log().line("a new zygote starts " + (delay.isZero() ? "now" : "in " + Notices.seconds(delay)));
        }
        if (reboot.passed(now)) {
            reboot.clear();
            brutal = false;
            plan(false, now);
        }
    }

    /** Lets everything go, those that were leaving already included; nothing new is started. */
    void retireAll(Duration mercy, long now) {
        next = null;
        planning = null;
        forEach(generation -> {
            generation.retire(mercy, now);
            generation.crew().hurry(mercy, now);
        });
    }

    /** Ends every mercy. */
    void killAll(long now) {
        forEach(generation -> generation.crew().killAll(now));
    }

    void expire(long now) {
        forEach(generation -> generation.expire(now));
    }

    void removeEnded() {
        retiring.removeIf(Generation::isOver);
    }

    /** Returns what the router may expect. */
    WorkerGroup.State state() {
        if (bootFailing) {
            return WorkerGroup.State.UNAVAILABLE;
        }
        if (find(generation -> generation.crew().anyReady()) != null) {
            return WorkerGroup.State.SERVING;
        }
        if (!boot.isDone()) {
            return WorkerGroup.State.STARTING;
        }
        // Whatever has died is being replaced, until that has been tried in vain.
        boolean hope = current == null ? upcoming != null || planning != null : !rebootFailed;
        return hope ? WorkerGroup.State.SERVING : WorkerGroup.State.UNAVAILABLE;
    }

    /** Returns what the serving generation works by. */
    PlaneContext context() {
        return context;
    }

    /** Returns the number of the generation that serves, or will first. */
    int number() {
        return current == null ? 0 : current.number();
    }

    /** Returns whether a worker of the current generation is such a one. */
    boolean serves(Predicate<Worker> wanted) {
        return current != null && current.crew().find(wanted) != null;
    }

    /** Returns how many workers of the current generation are ready. */
    int readyWorkers() {
        int[] count = {0};
        forEachReady(worker -> count[0]++);
        return count[0];
    }

    /** Returns how many bytes the ready workers of the current generation have in memory. */
    long workersRss() {
        long[] sum = {0};
        forEachReady(worker -> sum[0] += ProcessMemory.of(worker.pid()).rss());
        return sum[0];
    }

    private void forEachReady(Consumer<Worker> action) {
        if (current != null) {
            current.crew().forEach(worker -> {
                if (worker.is(Worker.State.READY)) {
                    action.accept(worker);
                }
            });
        }
    }

    boolean allEmpty() {
        return find(generation -> !generation.crew().isEmpty()) == null;
    }

    boolean allSilent() {
        return find(generation -> !generation.zygote().isSilent()) == null;
    }

    @Nullable
    Generation find(Predicate<Generation> wanted) {
        for (Generation generation : all()) {
            if (wanted.test(generation)) {
                return generation;
            }
        }
        return null;
    }

    void forEach(Consumer<Generation> action) {
        all().forEach(action);
    }

    private List<Generation> all() {
        List<Generation> all = new ArrayList<>(retiring);
        if (current != null) {
            all.add(current);
        }
        if (upcoming != null) {
            all.add(upcoming);
        }
        return all;
    }

    long nanosToDeadline(long now) {
        long next = reboot.nanosFrom(now);
        for (Generation generation : all()) {
            next = Math.min(next, generation.nanosToDeadline(now));
        }
        return next;
    }
}
