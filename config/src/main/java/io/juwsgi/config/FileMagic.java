package io.juwsgi.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The magic variables of one configuration file, {@code %d} and the like: replaced in its keys and values as it is read.
 *
 * @param spec the file as the user named it, without the section
 * @param path its absolute path
 * @param section the section that was asked for, empty for the usual one
 * @param directory the working directory
 * @param first the magic of the first file that was read, for the capital letters; null when this is the first
 */
record FileMagic(
        String spec,
        Path path,
        String section,
        Path directory,
        @Nullable FileMagic first) {
    private static final String NEEDED = "\r\n\"'<";

    /**
     * Replaces every magic variable in the text of the file; {@code %(name)} stays for the placeholders, an unknown letter becomes
     * nothing. What a format needs to be whole, such as the end of a line, stays.
     *
     * @throws TooMuchException when the text grows beyond what a file may hold
     */
    String replace(String text) {
        int percent = text.indexOf('%');
        if (percent < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 32);
        int from = 0;
        while (percent >= 0 && percent + 1 < text.length()) {
            char letter = text.charAt(percent + 1);
            boolean kept = NEEDED.indexOf(letter) >= 0;
            out.append(text, from, percent).append(letter == '(' ? "%(" : kept ? "" : variable(letter));
            if (out.length() > SourceText.LARGEST_FILE) {
                throw new TooMuchException(new Origin(spec, 0), "the magic variables make more than 8 MiB of text");
            }
            from = percent + (kept ? 1 : 2);
            percent = text.indexOf('%', from);
        }
        return out.append(text, from, percent < 0 ? text.length() : percent).toString();
    }

    private String variable(char letter) {
        FileMagic capital = first == null ? this : first;
        return switch (letter) {
            case 'O', 'P', 'S', 'N', 'E', 'D', 'C', 'X', 'I', 'J' -> capital.ofFile(Character.toLowerCase(letter));
            case 'o', 'p', 's', 'n', 'e', 'd', 'c', 'x', 'i', 'j' -> ofFile(letter);
            case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> folder(letter - '0');
            case '%' -> "%";
            default -> ofProcess(letter);
        };
    }

    private String ofFile(char letter) {
        String file = String.valueOf(path.getFileName());
        int dot = file.lastIndexOf('.');
        return switch (letter) {
            case 'o' -> spec;
            case 'p' -> path.toString();
            case 's' -> file;
            case 'n' -> dot < 0 ? file : file.substring(0, dot);
            case 'e' -> dot < 0 ? "" : file.substring(dot + 1);
            case 'd' -> path.getParent() == null ? "/" : withSlash(path.getParent());
            case 'c' ->
                path.getNameCount() < 2
                        ? ""
                        : path.getName(path.getNameCount() - 2).toString();
            case 'x' -> section;
            case 'i' -> Host.attribute(path, "unix:ino");
            case 'j' -> Integer.toHexString(djb33(path.toString())).toUpperCase(Locale.ROOT);
            default -> throw new IllegalArgumentException("magic variable %" + letter + " is not one of a file");
        };
    }

    /** Bernstein's hash with xor, of the path. */
    private static int djb33(String text) {
        int hash = 5381;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash << 5) + hash ^ b;
        }
        return hash;
    }

    private static String withSlash(Path folder) {
        return folder.getNameCount() == 0 ? "/" : folder + "/";
    }

    private String folder(int index) {
        return index < path.getNameCount() - 1 ? path.getName(index).toString() : "";
    }

    private String ofProcess(char letter) {
        return switch (letter) {
            case 'v' -> directory.toString();
            case 'h' -> Host.name();
            case 'k' -> Integer.toString(Runtime.getRuntime().availableProcessors());
            case 'u' -> Host.ofProcess("unix:uid");
            case 'U' -> Host.ofProcess("unix:owner");
            case 'g' -> Host.ofProcess("unix:gid");
            case 'G' -> Host.ofProcess("unix:group");
            case 'b' -> ProcessHandle.current().info().command().orElse("");
            case 't' -> Long.toString(Instant.now().getEpochSecond());
            case 'T' -> Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
            case '[' -> "\u001b";
            default -> "";
        };
    }
}
