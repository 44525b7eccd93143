package io.juwsgi.plugin.staticfiles;

import com.google.re2j.Pattern;
import io.juwsgi.config.Settings;
import java.util.List;

/**
 * The {@code static-gzip} options: for which files compressed ones may lie beside them. Immutable.
 *
 * @param patterns of real names
 * @param prefixes of real names
 * @param suffixes of real names
 */
record PrecompressedRules(boolean all, List<Pattern> patterns, List<String> prefixes, List<String> suffixes) {

    /**
     * A coding and how its files are called.
     *
     * @param name as Content-Encoding has it
     * @param ending what the file's name has more
     */
    record Coding(String name, String ending) {}

    /** The smallest first. */
    static final List<Coding> CODINGS =
            List.of(new Coding("br", ".br"), new Coding("zstd", ".zst"), new Coding("gzip", ".gz"));

    /** Their names. */
    static final List<String> NAMES = CODINGS.stream().map(Coding::name).toList();

    static PrecompressedRules of(Settings settings) {
        return new PrecompressedRules(
                settings.get(StaticOptions.GZIP_ALL),
                settings.get(StaticOptions.GZIP).stream()
                        .map(text -> ExpiryRules.pattern("static-gzip", text))
                        .toList(),
                settings.get(StaticOptions.GZIP_DIR),
                settings.get(StaticOptions.GZIP_EXT));
    }

    boolean holdFor(String name) {
        return all
                || suffixes.stream().anyMatch(name::endsWith)
                || prefixes.stream().anyMatch(name::startsWith)
                || patterns.stream().anyMatch(pattern -> pattern.matcher(name).find());
    }

    static String ending(String coding) {
        for (Coding one : CODINGS) {
            if (one.name().equals(coding)) {
                return one.ending();
            }
        }
        throw new IllegalArgumentException("coding: " + coding + " (expected: one of " + NAMES + ")");
    }
}
