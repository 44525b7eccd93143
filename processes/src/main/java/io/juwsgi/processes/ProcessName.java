package io.juwsgi.processes;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What ps and top show of this process. */
public final class ProcessName {
    /** Linux keeps so many bytes of the short name. */
    private static final int SHORT = 15;

    private ProcessName() {}

    /** Names this process, as far as its command line has room; where that cannot be done nothing happens. */
    public static void set(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        try {
            Files.write(Path.of("/proc/self/comm"), Arrays.copyOf(bytes, Math.min(bytes.length, SHORT)));
            String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            // Fields 48 and 49 of proc(5): where the kernel looks for the command line.
            overwrite(Long.parseLong(fields[45]), Long.parseLong(fields[46]), bytes);
        } catch (IOException | NumberFormatException notLinux) {
            // There is no way, then.
        }
    }

    @SuppressWarnings("restricted") // The kernel says where this memory is, and nothing reads it after the start.
    private static void overwrite(long start, long end, byte[] name) {
        if (start == 0 || end <= start) {
            return;
        }
        MemorySegment commandLine = MemorySegment.ofAddress(start).reinterpret(end - start);
        commandLine.fill((byte) 0);
        // The last byte stays 0: otherwise the kernel reads on into the environment.
        int length = (int) Math.min(name.length, end - start - 1);
        MemorySegment.copy(name, 0, commandLine, ValueLayout.JAVA_BYTE, 0, length);
    }
}
