package io.juwsgi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.juwsgi.testkit.PluginUnderTest;
import org.junit.jupiter.api.Test;

/** What the program relies on in sub-commands. */
public abstract class CommandContract extends PluginContract {

    /** For subclasses. */
    protected CommandContract() {}

    /** Returns the command's id. */
    protected abstract String command();

    /** Returns the exit code that the command ends with when it is run with {@link #options}; 0 by default. */
    protected int exitCode() {
        return 0;
    }

    /** The command is there under its id. */
    @Test
    public void theCommandIsRegistered() {
        assertTrue(PluginUnderTest.of(plugin()).ids().contains(command()), "no command " + command());
    }

    private int run() throws Exception {
        try (PluginUnderTest plugin = started()) {
            return plugin.run(command());
        }
    }

    /** Exit codes of processes are bytes. */
    @Test
    public void itEndsWithAnExitCode() throws Exception {
        int code = run();
        assertTrue(code >= 0 && code <= 255, "exit code " + code);
        assertEquals(exitCode(), code);
    }

    /** What a run leaves behind does not keep the next one from its work. */
    @Test
    public void itRunsAgain() throws Exception {
        assertEquals(run(), run());
    }
}
