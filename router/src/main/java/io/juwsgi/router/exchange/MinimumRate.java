package io.juwsgi.router.exchange;

/**
 * How fast a client must be while the server waits for it.
 *
 * @param bytesPerSecond on the average; 0 for no demand
 * @param graceMillis how long it may be slower at first
 */
public record MinimumRate(long bytesPerSecond, long graceMillis) {}
