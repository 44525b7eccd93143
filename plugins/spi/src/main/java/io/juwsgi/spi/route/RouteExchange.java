package io.juwsgi.spi.route;

import io.juwsgi.spi.exchange.Account;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.ResponseSink;
import java.util.function.UnaryOperator;

/** One exchange on its way through a table of routes. Owned by the exchange's event loop. */
public interface RouteExchange {

    /** Returns the request id, as log lines show it. */
    String id();

    /** Returns the table that is looked at. */
    RouteStage stage();

    /** Returns the request as it is now, with everything that routes have changed. */
    Request request();

    /** Returns the access log account. */
    Account account();

    /** Returns the request variable (RFC 3875 section 4.1, and HTTP_ ones) as it is now; empty when there is none. */
    String variable(String name);

    /**
     * Sets a request variable, for later routes, for filters and for the application: PATH_INFO is the path from now on,
     * REQUEST_METHOD the method, HTTP_X the field X, and so on.
     *
     * @param name the name, ASCII
     * @param value the value, each char one byte (ISO 8859-1)
     */
    void variable(String name, String value);

    /** Sets which handler gets the request, by modifier1 and modifier2 of the uwsgi protocol, each 0 to 255. */
    void modifiers(int modifier1, int modifier2);

    /**
     * Sets which upstream answers the request, in place of whoever would. The action is an {@link
     * io.juwsgi.spi.balance.UpstreamUser}, so that the upstream is there.
     *
     * @param name its name, or {@code SCHEME://ADDRESS} of a server
     */
    void upstream(String name);

    /** Returns group {@code index}, 0 to 9, of the pattern that let this route apply; empty when there is none. */
    String group(int index);

    /**
     * Sets what {@link #group} returns, for the action of this route.
     *
     * @param groups the whole match first
     */
    void groups(String[] groups);

    /** Returns the response's status, 0 before there is one. */
    int status();

    /** Returns how many bytes of body the application or a route has sent so far. */
    long bytesSent();

    /** Returns the time from the first route to now in microseconds. */
    long elapsedMicros();

    /** Adds a field to the response, whoever gives it. */
    void addField(String name, String value);

    /** Removes all fields of this name from the response, whoever gives it. */
    void removeField(String name);

    /**
     * Begins a response in place of the one that would come, and of one that was begun before. It is completed when an action
     * of this table returns {@link RouteStep#BREAK}, and forgotten when none does and no body was sent.
     *
     * @param status 200 to 999
     * @param reason the reason phrase, may be empty
     * @return the response's fields, to be added to
     */
    Fields begin(int status, String reason);

    /** Sends bytes of the body of the response that was begun; begins one with 200 when there is none. */
    void send(byte[] bytes);

    /** Sends part of a file in the same way; the region's channel is closed. */
    void send(FileRegion file);

    /** Returns whether a response was begun. */
    boolean begun();

    /** Says why the exchange ends with an error page, when the action returns {@link RouteStep#BREAK}. */
    void refuse(Failure failure);

    /**
     * Changes the body of the application's response, and that of routes: the sink that {@code transformation} returns gets
     * head, data and end and passes them on.
     */
    void transform(UnaryOperator<ResponseSink> transformation);
}
