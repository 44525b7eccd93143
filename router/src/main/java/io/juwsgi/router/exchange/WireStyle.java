package io.juwsgi.router.exchange;

/** What kind of answer a client understands. */
public enum WireStyle {
    /** Chunks, kept connections, Date and Server. */
    HTTP_1_1,
    /** No chunks; a connection is kept only when both sides say so. */
    HTTP_1_0,
    /** A head and a body that the connection's end ends; the proxy in front adds the rest. */
    UWSGI,
    /** No head: the bytes of a good answer as they are, nothing of any other, then the connection's end. */
    BARE
}
