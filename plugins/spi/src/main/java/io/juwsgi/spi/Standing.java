package io.juwsgi.spi;

import java.util.Locale;

/**
 * What a plugin says of itself to those who run it; {@code juwsgi plugins} shows it.
 *
 * @param status how finished it is
 * @param trust whose requests it is made for
 */
public record Standing(Status status, Trust trust) {
    /** What holds for a plugin that says nothing: it may change, and it was not hardened. */
    public static final Standing UNKNOWN = new Standing(Status.ALPHA, Trust.TRUSTED_CLIENTS);

    /** The attribute of a jar's manifest that names the status; it stands above what the class says. */
    public static final String STATUS_ATTRIBUTE = "Juwsgi-Status";

    /** The attribute of a jar's manifest that names the trust; it stands above what the class says. */
    public static final String TRUST_ATTRIBUTE = "Juwsgi-Trust";

    /** How finished a plugin is. */
    public enum Status {
        /** Options and behaviour stay as they are within a major version. */
        STABLE,
        /** Anything may change. */
        ALPHA;

        @Override
        public String toString() {
            return text(this);
        }
    }

    /** Whose requests a plugin is made for. */
    public enum Trust {
        /** Limits and fuzz tests stand against whatever clients send. */
        HARDENED,
        /** For clients that mean well: behind a proxy, or in a network of one's own. */
        TRUSTED_CLIENTS;

        @Override
        public String toString() {
            return text(this);
        }
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
