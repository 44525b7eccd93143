package io.juwsgi.spi.route;

import java.util.Map;

/** What stands behind the colon of an action or condition, or in the brackets of a variable. Used on the main thread. */
public interface RouteArguments {

    /** Returns the text as it was written; may be empty. */
    String text();

    /**
     * Returns a part of the text, ready to be filled in.
     *
     * @throws IllegalArgumentException when it names a variable that nobody registered
     */
    RouteText template(String part);

    /** Returns the whole text, ready to be filled in. */
    default RouteText template() {
        return template(text());
    }

    /**
     * Returns a part of the text as a regular expression, in the common subset of PCRE, RE2 and Java.
     *
     * @throws IllegalArgumentException when it is none
     */
    RoutePattern pattern(String part);

    /**
     * Reads the text as {@code KEY=VALUE,KEY=VALUE}; a key alone has an empty value, a backslash takes the meaning from a
     * comma.
     *
     * @param keys the keys that are known
     * @throws IllegalArgumentException when there is another key
     */
    Map<String, String> pairs(String... keys);

    /** Returns the log of whatever compiles this. */
    System.Logger logger();
}
