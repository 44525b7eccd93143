package io.juwsgi.spi.front;

import io.juwsgi.spi.exchange.Response;
import java.io.IOException;
import java.io.InputStream;

/** The answer to a request that a front has submitted. Owned by the thread that the front is called on. */
public interface FrontAnswer extends AutoCloseable {

    /**
     * Returns the head: checked fields without control characters, without those that concern one connection, with a
     * Content-Length when the length is known.
     */
    Response head();

    /** Returns how many bytes {@link #body} has, -1 when only its end will tell. */
    long length();

    /**
     * Returns the body, the same stream each time; empty where there must be none, as for HEAD. Reading blocks until bytes come;
     * while nobody reads, the application is slowed down. It fails with an {@link IOException} when the answer was cut off: the
     * client should see that something is missing, which it does when the front throws that on.
     */
    InputStream body();

    /**
     * Ends the exchange. When the body was not read to its end the application is told that the client is gone, and no other
     * request follows on the connection.
     */
    @Override
    void close();
}
