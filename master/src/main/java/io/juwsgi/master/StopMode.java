package io.juwsgi.master;

/** How much time running requests get when the server stops. */
public enum StopMode {
    /** {@code worker-reload-mercy}: what TERM asks for. */
    GRACEFUL,
    /** Three seconds: what INT asks for. */
    QUICK,
    /** None. */
    NOW
}
