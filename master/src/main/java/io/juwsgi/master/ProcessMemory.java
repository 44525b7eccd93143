package io.juwsgi.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much memory a process has, from Linux's {@code /proc}.
 *
 * @param rss bytes in memory
 * @param vsz bytes of address space
 */
record ProcessMemory(long rss, long vsz) {
    private static final ProcessMemory UNKNOWN = new ProcessMemory(0, 0);

    // statm counts pages. Every Linux that Java 25 runs on has 4 KiB ones by default, arm64 aside; there the figure
    // comes out of status, which is in KiB but costs the kernel more.
    private static final boolean FOUR_KIB_PAGES = !"aarch64".equals(System.getProperty("os.arch"));

    /** Returns the figures of a process; zeros when there are none. */
    static ProcessMemory of(long pid) {
        if (pid <= 0) {
            return UNKNOWN;
        }
        try {
            return FOUR_KIB_PAGES
                    ? fromStatm(Files.readString(Path.of("/proc/" + pid + "/statm")))
                    : fromStatus(Files.readString(Path.of("/proc/" + pid + "/status")));
        } catch (IOException | NumberFormatException processGone) {
            return UNKNOWN;
        }
    }

    static ProcessMemory fromStatm(String text) {
        String[] pages = text.trim().split(" ", 3);
        return pages.length < 2
                ? UNKNOWN
                : new ProcessMemory(Long.parseLong(pages[1]) * 4096, Long.parseLong(pages[0]) * 4096);
    }

    static ProcessMemory fromStatus(String text) {
        return new ProcessMemory(kibibytes(text, "\nVmRSS:"), kibibytes(text, "\nVmSize:"));
    }

    private static long kibibytes(String text, String name) {
        int at = text.indexOf(name);
        if (at < 0) {
            return 0;
        }
        String value =
                text.substring(at + name.length(), text.indexOf(" kB", at)).trim();
        return Long.parseLong(value) * 1024;
    }
}
