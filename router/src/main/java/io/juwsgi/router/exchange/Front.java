package io.juwsgi.router.exchange;

/**
 * What all connections of one listener share.
 *
 * @param listener the option that opened the listener, such as {@code http}
 * @param limits what clients may ask
 * @param dispatcher finds the handler of an exchange
 * @param log takes each ended exchange
 * @param counters this listener's traffic
 * @param serverName the machine's name, CGI's SERVER_NAME
 * @param modifiers what requests have that bring none of their own
 * @param trust which proxies are believed
 * @param pages the answers to failed requests
 */
public record Front(
        String listener,
        Limits limits,
        Dispatcher dispatcher,
        ExchangeLog log,
        TrafficCounters counters,
        String serverName,
        Modifiers modifiers,
        ForwardedTrust trust,
        ErrorPages pages) {

    /** Returns the same with other limits, another log and other pages. */
    public Front with(Limits otherLimits, ExchangeLog otherLog, ErrorPages otherPages) {
        return new Front(
                listener, otherLimits, dispatcher, otherLog, counters, serverName, modifiers, trust, otherPages);
    }

    /** Returns the same for requests that go elsewhere. */
    public Front with(Dispatcher other) {
        return new Front(listener, limits, other, log, counters, serverName, modifiers, trust, pages);
    }
}
