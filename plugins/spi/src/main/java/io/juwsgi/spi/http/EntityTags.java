package io.juwsgi.spi.http;

/** Comparison of entity tags (RFC 9110 section 8.8.3). Tags are as fields have them, with quotes and {@code W/}. Any thread. */
public final class EntityTags {
    private EntityTags() {}

    /** Returns whether one of the tags of a list is the same as {@code tag}, weak ones counted as strong. */
    public static boolean listed(String list, String tag) {
        return listed(list, opaque(tag), false);
    }

    /** Returns whether {@code tag} is strong and one of the strong tags of a list. */
    public static boolean listedStrong(String list, String tag) {
        return !isWeak(tag) && listed(list, tag, true);
    }

    private static boolean listed(String list, String wanted, boolean strong) {
        int i = 0;
        while (i < list.length()) {
            int open = list.indexOf('"', i);
            int close = open < 0 ? -1 : list.indexOf('"', open + 1);
            if (close < 0) {
                return false;
            }
            boolean weak = open >= 2 && list.startsWith("W/", open - 2);
            boolean same = close + 1 - open == wanted.length() && list.startsWith(wanted, open);
            if (same && !(weak && strong)) {
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
        return !isWeak(one) && one.equals(other);
    }

    private static boolean isWeak(String tag) {
        return tag.startsWith("W/");
    }

    private static String opaque(String tag) {
        return isWeak(tag) ? tag.substring(2) : tag;
    }
}
