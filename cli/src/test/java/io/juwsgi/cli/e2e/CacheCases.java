package io.juwsgi.cli.e2e;

import java.util.List;

/**
 * Exchanges in which caches differ. The application numbers its answers: an outcome of {@code 1 1} is an answer from the cache,
 * {@code 1 2} one that was asked for.
 */
final class CacheCases {

    /** What a client sends. */
    record Ask(String method, String body, List<String> fields) {}

    /** What the application answers: the first answer to the first call, the last one to all that are left. */
    record Reply(int status, List<String> fields) {}

    /**
     * One case.
     *
     * @param section who says so
     * @param right the outcome that is right, or for juwsgi when several are
     * @param allowed another outcome that is not wrong; may be empty
     * @param shown the name of a field that is part of the outcome when it is there; may be empty
     */
    record Case(
            String name,
            String section,
            List<Reply> replies,
            List<Ask> asks,
            String right,
            String allowed,
            String shown) {
        Case showing(String field) {
            return new Case(name, section, replies, asks, right, allowed, field);
        }

        Case orAlso(String outcome) {
            return new Case(name, section, replies, asks, right, outcome, shown);
        }
    }

    private static final Ask GET = get();

    private CacheCases() {}

    private static Ask get(String... fields) {
        return new Ask("GET", "", List.of(fields));
    }

    private static Reply ok(String... fields) {
        return new Reply(200, List.of(fields));
    }

    private static Reply control(String value) {
        return ok("Cache-Control", value);
    }

    private static Case of(String name, String section, String right, Reply reply, Ask... asks) {
        return new Case(name, section, List.of(reply), List.of(asks), right, "", "");
    }

    static List<Case> all() {
        return List.of(
                of("fresh by max-age", "9111 4.2.1", "1 1", control("max-age=60"), GET, GET),
                of("says nothing", "9111 4.2.2", "1 2", ok(), GET, GET).orAlso("1 1"),
                of(
                        "older than max-age at arrival",
                        "9111 4.2.3",
                        "1 2",
                        ok("Cache-Control", "max-age=60", "Age", "100"),
                        GET,
                        GET),
                of(
                                "age is counted on",
                                "9111 5.1",
                                "1 1 Age=10",
                                ok("Cache-Control", "max-age=60", "Age", "10"),
                                GET,
                                GET)
                        .showing("Age")
                        .orAlso("1 1 Age=11"),
                of("no-store", "9111 5.2.2.5", "1 2", control("max-age=60, no-store"), GET, GET),
                of("private", "9111 5.2.2.7", "1 2", control("private, max-age=60"), GET, GET),
                of(
                        "s-maxage stands above max-age",
                        "9111 5.2.2.10",
                        "1 2",
                        control("max-age=60, s-maxage=0"),
                        GET,
                        GET),
                of("s-maxage alone is fresh", "9111 5.2.2.10", "1 1", control("max-age=0, s-maxage=60"), GET, GET),
                of("the shorter of two max-age", "9111 4.2.1", "1 2", control("max-age=0, max-age=60"), GET, GET),
                of("a quoted max-age", "9111 5.2", "1 1", control("max-age=\"60\""), GET, GET),
                of("a max-age that is no number", "9111 4.2.1", "1 2", control("max-age=60x"), GET, GET),
                of("upper case directives", "9111 5.2", "1 1", control("MAX-AGE=60"), GET, GET),
                of("Expires: 0", "9111 5.3", "1 2", ok("Expires", "0"), GET, GET),
                of(
                                "must-understand stands above no-store",
                                "9111 5.2.2.3",
                                "1 1",
                                control("no-store, must-understand, max-age=60"),
                                GET,
                                GET)
                        .orAlso("1 2"),
                of(
                                "a field that is private",
                                "9111 5.2.2.7",
                                "1 1",
                                ok("Cache-Control", "max-age=60, private=\"X-User\"", "X-User", "alice"),
                                GET,
                                GET)
                        .showing("X-User")
                        .orAlso("1 2 X-User=alice"),
                of("Authorization", "9111 3.5", "1 2", control("max-age=60"), get("Authorization", "Basic YQ=="), GET),
                of(
                                "Authorization and public",
                                "9111 3.5",
                                "1 1",
                                control("public, max-age=60"),
                                get("Authorization", "Basic YQ=="),
                                GET)
                        .orAlso("1 2"),
                of("Set-Cookie", "9111 7.3", "1 2", ok("Cache-Control", "max-age=60", "Set-Cookie", "a=b"), GET, GET)
                        .orAlso("1 1"),
                of(
                        "Vary: another value",
                        "9111 4.1",
                        "1 2",
                        ok("Cache-Control", "max-age=60", "Vary", "X-A"),
                        get("X-A", "1"),
                        get("X-A", "2")),
                of(
                        "Vary: the same value",
                        "9111 4.1",
                        "1 1",
                        ok("Cache-Control", "max-age=60", "Vary", "X-A"),
                        get("X-A", "1"),
                        get("X-A", "1")),
                of(
                        "Vary: variants side by side",
                        "9111 4.1",
                        "1 2 1",
                        ok("Cache-Control", "max-age=60", "Vary", "X-A"),
                        get("X-A", "1"),
                        get("X-A", "2"),
                        get("X-A", "1")),
                of("Vary: *", "9111 4.1", "1 2", ok("Cache-Control", "max-age=60", "Vary", "*"), GET, GET),
                of(
                        "client wants no-cache",
                        "9111 5.2.1.4",
                        "1 2",
                        control("max-age=60"),
                        GET,
                        get("Cache-Control", "no-cache")),
                of(
                        "client wants max-age=0",
                        "9111 5.2.1.1",
                        "1 2",
                        ok("Cache-Control", "max-age=60", "Age", "1"),
                        GET,
                        get("Cache-Control", "max-age=0")),
                of(
                        "client wants no-store",
                        "9111 5.2.1.5",
                        "1 2",
                        control("max-age=60"),
                        get("Cache-Control", "no-store"),
                        GET),
                of(
                                "client takes max-stale",
                                "9111 5.2.1.2",
                                "1 1",
                                ok("Cache-Control", "max-age=60", "Age", "100", "ETag", "\"1\""),
                                GET,
                                get("Cache-Control", "max-stale=1000"))
                        .orAlso("1 2"),
                of(
                        "must-revalidate stands above max-stale",
                        "9111 5.2.2.2",
                        "1 2",
                        ok("Cache-Control", "max-age=60, must-revalidate", "Age", "100"),
                        GET,
                        get("Cache-Control", "max-stale=1000")),
                of(
                        "only-if-cached with nothing",
                        "9111 5.2.1.7",
                        "504",
                        control("max-age=60"),
                        get("Cache-Control", "only-if-cached")),
                of(
                        "HEAD of a stored GET",
                        "9111 4",
                        "1 HEAD 1",
                        control("max-age=60"),
                        GET,
                        new Ask("HEAD", "", List.of()),
                        GET),
                of(
                        "POST forgets",
                        "9111 4.4",
                        "1 2 3",
                        control("max-age=60"),
                        GET,
                        new Ask("POST", "x", List.of()),
                        GET),
                of(
                        "If-None-Match of a stored one",
                        "9111 4.3.2",
                        "1 304",
                        ok("Cache-Control", "max-age=60", "ETag", "\"1\""),
                        GET,
                        get("If-None-Match", "\"0\", W/\"1\"")),
                of(
                                "a part of a stored whole",
                                "9110 14.2",
                                "1 206",
                                control("max-age=60"),
                                GET,
                                get("Range", "bytes=0-0"))
                        .orAlso("1 1"),
                of(
                        "If-Range of another version",
                        "9110 13.1.5",
                        "1 1",
                        ok("Cache-Control", "max-age=60", "ETag", "\"1\""),
                        GET,
                        get("Range", "bytes=0-0", "If-Range", "\"2\"")),
                of(
                        "a weak tag in If-Range",
                        "9110 13.1.5",
                        "1 1",
                        ok("Cache-Control", "max-age=60", "ETag", "W/\"1\""),
                        GET,
                        get("Range", "bytes=0-0", "If-Range", "W/\"1\"")),
                new Case(
                        "no-cache is confirmed",
                        "9111 5.2.2.4",
                        List.of(
                                ok("Cache-Control", "no-cache, max-age=60", "ETag", "\"1\""),
                                new Reply(304, List.of("ETag", "\"1\""))),
                        List.of(GET, GET),
                        "1 1",
                        "1 304",
                        ""),
                new Case(
                        "stale-if-error",
                        "5861 4",
                        List.of(
                                ok("Cache-Control", "max-age=60, stale-if-error=600", "Age", "100"),
                                new Reply(500, List.of())),
                        List.of(GET, GET),
                        "1 1",
                        "1 500",
                        ""),
                new Case(
                        "an error without stale-if-error",
                        "9111 4.2.4",
                        List.of(
                                ok("Cache-Control", "max-age=60, must-revalidate", "Age", "100"),
                                new Reply(500, List.of())),
                        List.of(GET, GET),
                        "1 500",
                        "",
                        ""),
                of(
                                "what Connection lists",
                                "9111 3.1",
                                "1 1",
                                ok("Cache-Control", "max-age=60", "Connection", "X-Hop", "X-Hop", "1"),
                                GET,
                                GET)
                        .showing("X-Hop"),
                of(
                        "302 that says how long",
                        "9111 3",
                        "302 302 asked 1",
                        new Reply(302, List.of("Cache-Control", "max-age=60", "Location", "/x")),
                        GET,
                        GET),
                of(
                        "404 that says how long",
                        "9111 3",
                        "404 404 asked 1",
                        new Reply(404, List.of("Cache-Control", "max-age=60")),
                        GET,
                        GET),
                of(
                        "a body of GET is no part of the key",
                        "9110 9.3.1",
                        "1 2",
                        control("max-age=60"),
                        new Ask("GET", "poison", List.of()),
                        GET),
                of(
                                "CDN-Cache-Control stands above",
                                "9213 2.2",
                                "1 2",
                                ok("Cache-Control", "max-age=60", "CDN-Cache-Control", "no-store"),
                                GET,
                                GET)
                        .orAlso("1 1"));
    }
}
