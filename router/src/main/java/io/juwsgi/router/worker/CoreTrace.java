package io.juwsgi.router.worker;

/**
 * What one core of a worker was doing at a moment.
 *
 * @param core its number from 0
 * @param request the id of the request that it worked on, empty when it was idle
 * @param stack the application's stack, one line a frame; one line that says why when it could not be taken
 */
public record CoreTrace(int core, String request, String stack) {}
