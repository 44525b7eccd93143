package io.juwsgi.router.worker;

/**
 * One core of a worker at one moment.
 *
 * @param core its number from 0
 * @param requests how many requests it has been given
 * @param inFlight how many of them it has not answered
 * @param uri the target of the request that it works on, empty when it is idle
 * @param method the method of that request, empty when it is idle
 */
public record CoreStats(int core, long requests, int inFlight, String uri, String method) {

    /** Returns whether the core works on a request. */
    public boolean inRequest() {
        return inFlight > 0;
    }
}
