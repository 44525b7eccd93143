package io.juwsgi.router.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux says that the threads of a process do: state, system call and the kernel function that they sleep in. */
final class KernelView {
    /** More threads than this say nothing more. */
    private static final int MOST_THREADS = 64;

    private KernelView() {}

    /** Returns a line for each thread, each after a line break; nothing when the process is gone. */
    static String of(long pid) {
        StringBuilder lines = new StringBuilder();
        int count = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                if (++count > MOST_THREADS) {
                    break;
                }
                lines.append("\n  thread ").append(thread.getFileName());
                lines.append(": state=").append(state(thread));
                lines.append(" syscall=").append(firstWord(read(thread.resolve("syscall"))));
                lines.append(" wchan=").append(firstWord(read(thread.resolve("wchan"))));
            }
        } catch (IOException | DirectoryIteratorException gone) {
            // There is nothing to tell any more.
        }
        return lines.toString();
    }

    /** The state is the first field behind the name, which is in parentheses. */
    private static String state(Path thread) {
        String stat = read(thread.resolve("stat"));
        int at = stat.lastIndexOf(") ");
        return at < 0 ? "-" : firstWord(stat.substring(at + 2));
    }

    /** Some of these files may be read by root alone. */
    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException notToBeRead) {
            return "";
        }
    }

    private static String firstWord(String text) {
        String word = text.strip().split("\\s", 2)[0];
        return word.isEmpty() || word.equals("0") ? "-" : word;
    }
}
