package io.juwsgi.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the operating system says of this machine and user. */
final class Host {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final Path SELF = Path.of("/proc/self");

    private Host() {}

    /** Returns the host's name as gethostname gives it: the kernel's own, without a look-up that may take seconds. */
    static String name() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException e) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException unknown) {
                return "localhost";
            }
        }
    }

    /** Returns an attribute of this process's own entry in /proc, such as {@code unix:uid}, or nothing where there is none. */
    static String ofProcess(String attribute) {
        return attribute(SELF, attribute);
    }

    /** Returns an attribute of a file as text, or nothing. */
    static String attribute(Path file, String attribute) {
        try {
            return String.valueOf(Files.getAttribute(file, attribute));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "";
        }
    }
}
