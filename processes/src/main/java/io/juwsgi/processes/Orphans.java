package io.juwsgi.processes;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What process 1 of a container has to do besides its work: processes whose parent has ended become its children, and stay in
 * the process table until it has waited for them. The JDK waits at once for those that it has started, so a child that has
 * been dead for two looks is such an orphan. Owned by the loop's thread.
 */
public final class Orphans implements ProcessLoop.Part {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int WNOHANG = 1;

    private final Deadline look = new Deadline();
    private Set<Long> dead = Set.of();
    private boolean stopping;

    Orphans() {}

    /** Returns the task if this is process 1. */
    public static Optional<Orphans> duty() {
        return ProcessHandle.current().pid() == 1 ? Optional.of(new Orphans()) : Optional.empty();
    }

    /** The C function, looked up when it is first needed. */
    private static final class Native {
        static final MethodHandle WAITPID = lookUp();

        @SuppressWarnings("restricted") // The address that it is given is none.
        private static MethodHandle lookUp() {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("waitpid"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        }
    }

    @Override
    public void settle(long now) {
        if (!stopping && (!look.isSet() || look.passed(now))) {
            look.in(TICK, now);
            look();
        }
    }

    /** Waits for those that were dead at the last look, too. */
    void look() {
        Set<Long> found = new HashSet<>();
        ProcessHandle.current()
                .children()
                .map(ProcessHandle::pid)
                .filter(Orphans::isDead)
                .forEach(found::add);
        for (long pid : dead) {
            if (found.remove(pid)) {
                bury(pid);
            }
        }
        dead = found;
    }

    private static boolean isDead(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return false;
        }
    }

    private static void bury(long pid) {
        try {
            int ignored = (int) Native.WAITPID.invokeExact((int) pid, MemorySegment.NULL, WNOHANG);
        } catch (Throwable e) {
            throw new IllegalStateException("waitpid(2) cannot be called", e);
        }
    }

    @Override
    public void stop(long now) {
        stopping = true;
        look.clear();
    }

    @Override
    public boolean isOver() {
        return true;
    }

    @Override
    public long nanosToDeadline(long now) {
        return look.nanosFrom(now);
    }
}
