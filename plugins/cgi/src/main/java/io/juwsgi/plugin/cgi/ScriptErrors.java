package io.juwsgi.plugin.cgi;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;

/** Writes what a script prints on its standard error to the log, line by line, up to a limit. Run on a thread of its own. */
final class ScriptErrors implements Runnable {
    private static final int LONGEST_LINE = 2048;
    /** How much of one run is logged, in bytes. */
    private static final int MOST = 64 * 1024;

    private final InputStream from;
    private final String about;
    private final System.Logger log;
    private final StringBuilder line = new StringBuilder();
    private int taken;

    ScriptErrors(InputStream from, String about, System.Logger log) {
        this.from = from;
        this.about = about;
        this.log = log;
    }

    @Override
    public void run() {
        byte[] buffer = new byte[4096];
        try (from) {
            int count;
            while ((count = from.read(buffer)) > 0) {
                take(new String(buffer, 0, count, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            log.log(Level.DEBUG, about + " standard error: " + e.getMessage());
        }
        write();
    }

    private void take(String text) {
        for (int i = 0; i < text.length() && taken <= MOST; i++) {
            char c = text.charAt(i);
            if (c == '\n' || line.length() == LONGEST_LINE) {
                write();
            }
            if (c != '\n') {
                line.append(c < ' ' || c == 127 ? '?' : c);
            }
            if (++taken == MOST) {
                write();
                log.log(Level.WARNING, about + " prints more errors than are logged");
            }
        }
    }

    private void write() {
        if (!line.isEmpty()) {
            log.log(Level.WARNING, about + " stderr: " + line);
            line.setLength(0);
        }
    }
}
