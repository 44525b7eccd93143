package io.juwsgi.spi.exchange;

/**
 * A response's head.
 *
 * @param status the status code, 200 to 999
 * @param reason the reason phrase, may be empty
 * @param fields the header fields, without those that only concern one connection (RFC 9110 section 7.6.1)
 */
public record Response(int status, String reason, Fields fields) {}
