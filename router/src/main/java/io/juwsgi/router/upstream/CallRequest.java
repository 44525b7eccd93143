package io.juwsgi.router.upstream;

import io.juwsgi.router.upstream.codec.CgiScript;
import io.juwsgi.router.upstream.codec.Outgoing;
import io.juwsgi.router.websocket.Handshake;
import io.juwsgi.spi.exchange.Request;

/**
 * A call's request as its upstream has it sent.
 *
 * @param client what the client asks
 * @param settings what the upstream wants
 */
record CallRequest(Request client, UpstreamSettings settings) {

    /** Returns whether asking twice is as good as asking once (RFC 9110 section 9.2.2). */
    boolean isIdempotent() {
        return switch (client.method()) {
            case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
            default -> false;
        };
    }

    /** Returns whether the client wants to leave HTTP, which only one endpoint can be asked for. */
    boolean leavesHttp() {
        return Handshake.asked(client);
    }

    /** Returns how urgent it is (RFC 9218 section 4.1): 0 to 7, 3 when it is not said. */
    int urgency() {
        String said = settings.queuePriority() ? client.fields().first("priority") : null;
        int at = said == null ? -1 : said.indexOf("u=");
        int digit = said == null || at < 0 || at + 2 >= said.length() ? 3 : said.charAt(at + 2) - '0';
        return digit < 0 || digit > 7 ? 3 : digit;
    }

    /**
     * Returns what is sent to an endpoint.
     *
     * @param body its body, as far as it is there
     * @param takesTrailers whether the client takes fields behind the answer's body
     */
    Outgoing outgoing(UpstreamEndpoint to, CallBody body, boolean takesTrailers) {
        // What has trailers ends with them, whatever its length.
        boolean open = body.trailers().size() > 0 && to.protocol().streamsUnknownLength();
        return new Outgoing(
                client,
                open ? -1 : body.length(),
                host(to),
                settings.forwarded(),
                first(to.modifier1(), settings.modifier1(), client.modifier1()),
                first(to.modifier2(), settings.modifier2(), client.modifier2()),
                new CgiScript(settings.root(), settings.script()),
                settings.keepalive() > 0 && settings.proxyProtocol() == ProxyProtocol.OFF,
                settings.websockets() && leavesHttp() ? Handshake.WEBSOCKET : "",
                takesTrailers);
    }

    private String host(UpstreamEndpoint to) {
        return switch (settings.host()) {
            case "client" -> "";
            case "endpoint" -> to.address().indexOf('/') >= 0 ? "localhost" : to.address();
            default -> settings.host();
        };
    }

    private static int first(int own, int ofAll, int ofRequest) {
        return own >= 0 ? own : ofAll >= 0 ? ofAll : ofRequest;
    }
}
