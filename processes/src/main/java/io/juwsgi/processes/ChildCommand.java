package io.juwsgi.processes;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to start a child process.
 *
 * @param argv the program and its arguments
 * @param environment variables set on top of this process's own
 * @param directory the working directory, null for this process's
 * @param input bytes for its standard input, which ends after them; null hands on this process's own
 * @param bond how it hangs together with this process
 * @param identity as whom it runs, null for this process's user
 */
public record ChildCommand(
        List<String> argv,
        Map<String, String> environment,
        @Nullable Path directory,
        @Nullable ByteBuffer input,
        Bond bond,
        @Nullable Identity identity) {

    /** Nothing to read. */
    public static final ByteBuffer NO_INPUT = ByteBuffer.allocate(0).asReadOnlyBuffer();

    public ChildCommand {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }

    /** Returns the same with this process's standard input. */
    public ChildCommand withInheritedInput() {
        return new ChildCommand(argv, environment, directory, null, bond, identity);
    }

    /** Returns what is really started: util-linux's setsid and setpriv do what the JDK cannot. */
    List<String> wholeArgv() {
        List<String> whole = new ArrayList<>();
        if (bond.session()) {
            whole.add("setsid");
        }
        if (bond.deathSignal() != 0 || identity != null) {
            whole.add("setpriv");
            if (identity != null) {
                whole.addAll(identity.arguments());
            }
            if (bond.deathSignal() != 0) {
                // A change of user would clear it; setpriv sets it last.
                whole.add("--pdeathsig=" + Signals.name(bond.deathSignal()).substring("SIG".length()));
            }
            whole.add("--");
        }
        whole.addAll(argv);
        return whole;
    }
}
