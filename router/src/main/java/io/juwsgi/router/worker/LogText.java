package io.juwsgi.router.worker;

/** Text from elsewhere, made fit for a log line. */
final class LogText {
    private static final int LONGEST = 2000;

    private LogText() {}

    /** Returns {@code text} on one line, without control characters, cut where it is very long. */
    static String clean(String text) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), LONGEST));
        for (int i = 0; i < text.length() && i < LONGEST; i++) {
            char c = text.charAt(i);
            clean.append(Character.isISOControl(c) ? '?' : c);
        }
        return clean.toString();
    }
}
