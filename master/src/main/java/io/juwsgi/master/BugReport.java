package io.juwsgi.master;

import io.juwsgi.spi.LogSink;
import java.io.PrintWriter;
import java.io.StringWriter;

/** What the log gets about an exception that nobody has foreseen. */
final class BugReport {
    private BugReport() {}

    static void write(String where, Throwable bug, LogSink log) {
        StringWriter text = new StringWriter();
        bug.printStackTrace(new PrintWriter(text, true));
        log.line("ERROR " + where + ": this is a bug in juwsgi: "
                + text.toString().strip());
    }
}
