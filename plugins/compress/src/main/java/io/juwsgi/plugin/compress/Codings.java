package io.juwsgi.plugin.compress;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The codings that there are, the best first. Immutable. */
record Codings(List<Coding> all, List<String> names) {
    /** The fastest for its size first. */
    static final List<String> NAMES = List.of("zstd", "br", "gzip");

    static Codings of(List<Coding> codings) {
        return new Codings(
                List.copyOf(codings), codings.stream().map(Coding::name).toList());
    }

    /** Returns those of the settings that can be used here; a line in the log tells of each other one. */
    static Codings of(CompressSettings settings, System.Logger logger) {
        List<Coding> codings = new ArrayList<>();
        for (String name : settings.codings().isEmpty() ? NAMES : settings.codings()) {
            Throwable trouble = switch (name) {
                case "zstd" -> Zstd.trouble();
                case "br" -> Brotli.trouble();
                default -> null;
            };
            if (trouble == null) {
                Coding coding = made(name, settings);
                tryOut(coding);
                codings.add(coding);
            } else {
                logger.log(
                        System.Logger.Level.WARNING,
                        name + " is not used: its library cannot be loaded (" + trouble + "); other codings are");
            }
        }
        return of(codings);
    }

    /** Compresses a little: the first time takes most of a second, which no event loop is to wait for. */
    private static void tryOut(Coding coding) {
        try (OutputStream stream = coding.begin(OutputStream.nullOutputStream())) {
            stream.write('x');
        } catch (IOException e) {
            throw new UncheckedIOException(coding.name() + " does not work", e);
        }
    }

    private static Coding made(String name, CompressSettings settings) {
        return switch (name) {
            case "zstd" -> new Zstd(settings.zstdLevel());
            case "br" -> new Brotli(settings.brotliLevel());
            default -> new Gzip(settings.gzipLevel());
        };
    }

    /** Returns the one of this name. */
    @Nullable
    Coding named(@Nullable String name) {
        for (Coding coding : all) {
            if (coding.name().equals(name)) {
                return coding;
            }
        }
        return null;
    }
}
