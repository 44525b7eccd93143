package io.juwsgi.router.upstream;

import io.juwsgi.config.Origin;
import io.juwsgi.config.Suggestions;
import java.util.Collection;
import java.util.List;

/**
 * An extension that an upstream names.
 *
 * @param id its whole id: {@code balance-}, {@code check-}, {@code discover-} or {@code fleet-} and the name that was written
 * @param upstream the upstream's name
 * @param origin where it was written
 */
public record NamedExtension(String id, String upstream, Origin origin) {

    /**
     * Returns the message for one that is not there.
     *
     * @param known the whole ids of all extensions
     */
    public String wrong(Collection<String> known) {
        int dash = id.indexOf('-');
        String kind = id.substring(0, dash + 1);
        String name = id.substring(dash + 1);
        List<String> names = known.stream()
                .filter(one -> one.startsWith(kind))
                .map(one -> one.substring(kind.length()))
                .sorted()
                .toList();
        String expected = Suggestions.closest(name, names)
                .map(one -> "did you mean " + one + "?")
                .orElse("expected: one of " + String.join(", ", names));
        return origin + ": upstream " + upstream + ": there is no " + kind.substring(0, dash) + " " + name + " ("
                + expected + ")";
    }
}
