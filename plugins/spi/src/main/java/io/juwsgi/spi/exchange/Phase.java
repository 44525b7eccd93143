package io.juwsgi.spi.exchange;

/**
 * Where a filter sits in the chain: the request passes the phases in this order, the response in the reverse one. Within
 * a phase filters are ordered by their ids.
 */
public enum Phase {
    /** Before anything is decided: request ids, real addresses, refusals that must be cheap. */
    EARLY,
    /** Changes of the request: paths, fields. */
    REWRITE,
    /** Who may do this: authentication, rate limits. */
    ACCESS,
    /** Answers that are already known. */
    CACHE,
    /** Changes of the response: compression, header fields. */
    TRANSFORM,
    /** Answers in place of the application. */
    CONTENT,
    /** Around all the others, so that it sees every exchange, whoever answers it: accounts and logs. */
    LOG
}
