package io.juwsgi.processes;

/**
 * How a process ended.
 *
 * @param code the exit code, or -1 when a signal ended it or nobody knows
 * @param signal the number of the signal, or 0
 */
public record ExitStatus(int code, int signal) {
    /** Nobody waited for the process who could tell. */
    public static final ExitStatus UNKNOWN = new ExitStatus(-1, 0);

    /** Reads a wait status as {@code waitpid} gives it. */
    public static ExitStatus ofWait(int status) {
        int signal = status & 0x7F;
        return signal == 0 ? new ExitStatus((status >> 8) & 0xFF, 0) : new ExitStatus(-1, signal);
    }

    /** Reads an exit value as {@link Process#exitValue} gives it: 128 and the signal's number after a signal. */
    public static ExitStatus ofProcess(int value) {
        return value > 128 && Signals.isKnown(value - 128) ? new ExitStatus(-1, value - 128) : new ExitStatus(value, 0);
    }

    /** Returns whether it ended as it should when it was asked to. */
    public boolean clean() {
        return code == 0;
    }

    /** Returns whether somebody else sent the signal: processes do not raise these by going wrong. */
    public boolean fromOutside() {
        return signal == 1 || signal == 2 || signal == 9 || signal == 15;
    }

    /** Returns a likely cause as a clause for the log, or nothing. */
    public String likelyCause() {
        return switch (signal) {
            case 4 -> "code for another CPU? (a C extension built elsewhere)";
            case 6 -> "aborted: a C extension or the interpreter found itself broken";
            case 7, 11 -> "a fault in native code: a C extension, or a stack that overflowed";
            case 9 -> "perhaps out of memory? (the kernel's log says so) or killed by hand";
            case 24 -> "over its limit of CPU time";
            case 31 -> "a system call that a sandbox forbids";
            default -> "";
        };
    }

    /** Returns {@code killed by signal 9 (SIGKILL)} or {@code exit code 3}. */
    @Override
    public String toString() {
        if (signal != 0) {
            return "killed by signal " + signal + " (" + Signals.name(signal) + ")";
        }
        return code < 0 ? "exit code unknown" : "exit code " + code;
    }
}
