package io.juwsgi.router.chain;

/**
 * How one active extension behaves.
 *
 * @param id its id
 * @param exceptions how many exchanges, or connections, it ended with an exception
 * @param blocked how often it kept an event loop from its work for more than 200 ms
 */
public record ExtensionStats(String id, long exceptions, long blocked) {}
