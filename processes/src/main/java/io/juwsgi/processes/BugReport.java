package io.juwsgi.processes;

import io.juwsgi.spi.LogSink;
import java.io.PrintWriter;
import java.io.StringWriter;

/** What the log gets about an exception that nobody has foreseen. */
public final class BugReport {
    private BugReport() {}

    /** Writes it as one line that says where it came up, and the stack. */
    public static void write(String where, Throwable bug, LogSink log) {
        StringWriter text = new StringWriter();
        bug.printStackTrace(new PrintWriter(text, true));
        log.line("ERROR " + where + ": this is a bug in juwsgi: "
                + text.toString().strip());
    }
}
