/**
 * What HTTP says about representations, for whoever answers: dates, media types, codings, conditions and ranges. Nothing
 * here reads a file or writes to a client. Start at {@link io.juwsgi.spi.http.FileReply}.
 */
package io.juwsgi.spi.http;
