package io.juwsgi.master;

/** What a reload replaces, and how. */
public enum ReloadScope {
    /** Everything: the application is loaded anew, and the old workers drain. */
    ALL("...gracefully reloading workers..."),
    /** The same, but the old workers get no time. */
    BRUTAL("...brutally reloading workers..."),
    /** The workers only, all at once: new processes of the same zygote. */
    WORKERS("...reloading workers only..."),
    /** The same, but the old workers get no time. */
    WORKERS_BRUTAL("...brutally reloading workers only..."),
    /** One worker after the other, each when the replacement of the one before is ready. */
    CHAIN("...chain reload of the workers...");

    private final String notice;

    ReloadScope(String notice) {
        this.notice = notice;
    }

    /** Returns what the log says when it begins. */
    String notice() {
        return notice;
    }
}
