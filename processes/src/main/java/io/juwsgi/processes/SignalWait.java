package io.juwsgi.processes;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Takes signals with sigwait(3), on one thread. The launcher has blocked them before the JVM began, for every thread that
 * there will be, and has told the JVM to leave them alone ({@code -Xrs}): so also QUIT can be taken, and none is lost that
 * comes before somebody wants it. Any thread may use it.
 */
final class SignalWait {
    /** The signals that the launcher blocks. */
    static final Set<Integer> BLOCKED = Set.of(
            Signals.HUP,
            Signals.INT,
            Signals.QUIT,
            Signals.USR1,
            Signals.USR2,
            Signals.TERM,
            Signals.TSTP,
            Signals.TTIN,
            Signals.TTOU,
            Signals.WINCH);

    /** What ends a process that does not care. */
    private static final Set<Integer> DEADLY = Set.of(Signals.HUP, Signals.INT, Signals.QUIT, Signals.TERM);

    /** As shells have it: the exit code of what a signal has ended. */
    private static final int ENDED_BY_SIGNAL = 128;

    /** Most commands end sooner, and need none of this. */
    private static final long SHORT_COMMAND_MILLIS = 300;

    /** The bytes of glibc's and musl's {@code sigset_t}. */
    private static final long SET_BYTES = 128;

    private static final Map<Integer, Runnable> ACTIONS = new ConcurrentHashMap<>();
    private static final CountDownLatch WANTED = new CountDownLatch(1);

    private SignalWait() {}

    /** Begins to take signals; until one has an action it does what it does to any program. */
    static void begin() {
        Thread.ofPlatform().daemon().name("juwsgi-signals").start(SignalWait::run);
    }

    static void take(int signal, Runnable action) {
        ACTIONS.put(signal, action);
        WANTED.countDown();
    }

    private static void run() {
        try (Arena arena = Arena.ofConfined()) {
            boolean _ = WANTED.await(SHORT_COMMAND_MILLIS, TimeUnit.MILLISECONDS);
            MemorySegment set = set(arena);
            MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
            MethodHandle sigwait = lookUp();
            while ((int) sigwait.invokeExact(set, number) == 0) {
                taken(number.get(ValueLayout.JAVA_INT, 0));
            }
        } catch (Throwable e) {
            throw new IllegalStateException("sigwait(3) cannot be called", e);
        }
    }

    private static void taken(int signal) {
        Runnable action = ACTIONS.get(signal);
        if (action != null) {
            action.run();
        } else if (DEADLY.contains(signal)) {
            Runtime.getRuntime().halt(ENDED_BY_SIGNAL + signal);
        }
    }

    /** Linux has bit N-1 for signal N, whatever the word's size. */
    private static MemorySegment set(Arena arena) {
        long mask = 0;
        for (int signal : BLOCKED) {
            mask |= 1L << (signal - 1);
        }
        MemorySegment set = arena.allocate(SET_BYTES, Long.BYTES);
        set.set(ValueLayout.JAVA_LONG, 0, mask);
        return set;
    }

    @SuppressWarnings("restricted") // It reads the set and writes one number, both of them this thread's.
    private static MethodHandle lookUp() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("sigwait"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    }
}
