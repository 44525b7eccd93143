package io.juwsgi.cache;

/** Words of the Cache-Status field (RFC 9211). */
final class CacheStatus {
    static final String FIELD = "Cache-Status";

    /** Why a request went on to the application (RFC 9211 section 2.2). */
    enum Forward {
        BYPASS("bypass"),
        METHOD("method"),
        URI_MISS("uri-miss"),
        VARY_MISS("vary-miss"),
        PARTIAL("partial"),
        REQUEST("request"),
        STALE("stale");

        private final String field;

        Forward(String word) {
            field = "juwsgi; fwd=" + word;
        }

        /** Returns the field's value. */
        String field() {
            return field;
        }
    }

    private CacheStatus() {}

    static String hit(long secondsLeft) {
        return "juwsgi; hit; ttl=" + secondsLeft;
    }
}
