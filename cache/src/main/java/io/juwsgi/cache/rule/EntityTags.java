package io.juwsgi.cache.rule;

/** Comparison of entity tags (RFC 9110 section 8.8.3). */
public final class EntityTags {
    private EntityTags() {}

    /** Returns whether one of the tags of a list is the same as {@code tag}, weak ones counted as strong. */
    public static boolean listed(String list, String tag) {
        String wanted = opaque(tag);
        int i = 0;
        while (i < list.length()) {
            int open = list.indexOf('"', i);
            int close = open < 0 ? -1 : list.indexOf('"', open + 1);
            if (close < 0) {
                return false;
            }
            if (list.substring(open, close + 1).equals(wanted)) {
                return true;
            }
            i = close + 1;
        }
        return false;
    }

    /** Returns whether two tags are the same, weak ones counted as strong. */
    public static boolean same(String one, String other) {
        return opaque(one).equals(opaque(other));
    }

    /** Returns whether both are strong and the same (RFC 9110 section 8.8.3.2). */
    public static boolean sameStrong(String one, String other) {
        return !one.startsWith("W/") && one.equals(other);
    }

    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }
}
