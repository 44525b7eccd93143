package io.juwsgi.master;

/** Hears of reloads, on the master's thread; it must return at once. */
public interface ReloadListener {

    /** A reload begins, after the end of the one before. */
    void began(String what);

    /** The reload is over, one way or the other: what serves now, or why the new code does not. */
    void ended(String what);
}
