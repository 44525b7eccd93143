package io.juwsgi.spi.front;

import io.juwsgi.spi.exchange.Fields;

/**
 * A request's head as CGI variables (RFC 3875 section 4.1), which any protocol behind a web server can be told in: {@code
 * REQUEST_METHOD}, {@code REQUEST_URI}, {@code PATH_INFO}, {@code QUERY_STRING}, {@code SERVER_PROTOCOL}, {@code HTTP_HOST} and so
 * on. Names are ASCII, each char of a value is one byte (ISO 8859-1). The server drops variables that would choose code or files,
 * and sets CONTENT_LENGTH to {@link #length}.
 *
 * @param variables in any order; the last one of a name counts. Owned by the server from here on
 * @param length the length of the body in bytes, -1 when only its end will tell
 * @param modifier1 the handler's number, 0 to 255; 0 is the application
 * @param modifier2 the second handler number, 0 to 255
 */
public record FrontRequest(Fields variables, long length, int modifier1, int modifier2) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException when one is out of bounds
     */
    public FrontRequest {
        if (length < -1) {
            throw new IllegalArgumentException("length: " + length + " (expected: at least -1)");
        }
        if (modifier1 < 0 || modifier1 > 255 || modifier2 < 0 || modifier2 > 255) {
            throw new IllegalArgumentException(
                    "modifiers: " + modifier1 + " and " + modifier2 + " (expected: 0 to 255)");
        }
    }

    /** Makes a request for the application. */
    public FrontRequest(Fields variables, long length) {
        this(variables, length, 0, 0);
    }
}
