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

    /** Replaces every magic variable; {@code %(name)} stays for the placeholders, an unknown letter becomes nothing. */
    String replace(String value) {
        int percent = value.indexOf('%');
        if (percent < 0) {
            return value;
        }
        StringBuilder out = new StringBuilder(value.length() + 32);
        int from = 0;
        while (percent >= 0) {
            out.append(value, from, percent);
            if (percent + 1 == value.length()) {
                return out.toString();
            }
            char letter = value.charAt(percent + 1);
            out.append(letter == '(' ? "%(" : variable(letter));
            from = percent + 2;
            percent = value.indexOf('%', from);
        }
        return out.append(value, from, value.length()).toString();
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
