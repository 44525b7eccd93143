package io.juwsgi.processes;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Signals by name and number, and {@code kill(2)}: the JDK itself can only send TERM and KILL, to one process. */
public final class Signals {
    public static final int HUP = 1;
    public static final int INT = 2;
    public static final int KILL = 9;
    public static final int TERM = 15;
    static final int QUIT = 3;
    static final int USR1 = 10;
    static final int USR2 = 12;
    static final int TSTP = 20;
    static final int TTIN = 21;
    static final int TTOU = 22;
    static final int WINCH = 28;

    // Linux numbers, the same on every architecture that Java 25 runs on.
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(HUP, "HUP"),
            Map.entry(INT, "INT"),
            Map.entry(QUIT, "QUIT"),
            Map.entry(4, "ILL"),
            Map.entry(5, "TRAP"),
            Map.entry(6, "ABRT"),
            Map.entry(7, "BUS"),
            Map.entry(8, "FPE"),
            Map.entry(KILL, "KILL"),
            Map.entry(USR1, "USR1"),
            Map.entry(11, "SEGV"),
            Map.entry(USR2, "USR2"),
            Map.entry(13, "PIPE"),
            Map.entry(14, "ALRM"),
            Map.entry(TERM, "TERM"),
            Map.entry(18, "CONT"),
            Map.entry(19, "STOP"),
            Map.entry(TSTP, "TSTP"),
            Map.entry(TTIN, "TTIN"),
            Map.entry(TTOU, "TTOU"),
            Map.entry(24, "XCPU"),
            Map.entry(25, "XFSZ"),
            Map.entry(WINCH, "WINCH"),
            Map.entry(31, "SYS"));

    private static final Map<String, Integer> NUMBERS =
            NAMES.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private Signals() {}

    /** The C function, looked up when it is first needed. */
    private static final class Native {
        static final MethodHandle KILL = lookUp();

        @SuppressWarnings("restricted") // The call takes two numbers and touches no memory.
        private static MethodHandle lookUp() {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("kill"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        }
    }

    /**
     * Sends a signal to a process.
     *
     * @return whether there is such a process and it may be signalled
     */
    public static boolean send(long pid, int signal) {
        return kill(pid, signal);
    }

    /** Sends a signal to every process of a group; returns whether there is one. */
    static boolean sendToGroup(long leader, int signal) {
        return kill(-leader, signal);
    }

    private static boolean kill(long pid, int signal) {
        if (pid == 0 || pid == -1 || pid != (int) pid) {
            throw new IllegalArgumentException("process " + pid + " (expected: one process, or one group)");
        }
        try {
            return (int) Native.KILL.invokeExact((int) pid, signal) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("kill(2) cannot be called", e);
        }
    }

    /** Returns a name such as {@code SIGTERM}, or {@code signal 63}. */
    public static String name(int signal) {
        String name = NAMES.get(signal);
        return name == null ? "signal " + signal : "SIG" + name;
    }

    static boolean isKnown(int signal) {
        return NAMES.containsKey(signal);
    }

    /** Reads {@code TERM}, {@code SIGTERM} or {@code 15}. */
    public static Optional<Integer> parse(String text) {
        String upper = text.strip().toUpperCase(Locale.ROOT);
        if (upper.matches("[0-9]{1,2}")) {
            return Optional.of(Integer.parseInt(upper)).filter(Signals::isKnown);
        }
        return Optional.ofNullable(NUMBERS.get(upper.startsWith("SIG") ? upper.substring(3) : upper));
    }
}
