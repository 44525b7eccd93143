package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.http.Trailers;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The fields behind one response's body, as far as its client takes them (RFC 9110 section 6.5). Owned by the exchange's event loop. */
final class ResponseTrailers {
    private final ClientStream stream;
    private final Request request;
    private final ResponseLength length;
    private @Nullable Fields fields;

    ResponseTrailers(ClientStream stream, Request request, ResponseLength length) {
        this.stream = stream;
        this.request = request;
        this.length = length;
    }

    private boolean areTaken() {
        return stream.carriesTrailers() && Trailers.takenBy(request);
    }

    /** Takes what the handler gives; what may not stand behind a body is dropped. */
    void set(Fields given) {
        if (areTaken()) {
            Fields permitted = Trailers.permitted(given);
            fields = permitted.size() > 0 ? permitted : null;
        }
    }

    /** Drops them: another response takes the place of theirs. */
    void forget() {
        fields = null;
    }

    /** Says in a head that was not sent yet what follows (RFC 9110 section 6.6.2), unless the handler has. */
    void announce(Response head) {
        if (fields != null && !length.announcesTrailers()) {
            StringJoiner names = new StringJoiner(", ");
            for (int i = 0; i < fields.size(); i++) {
                names.add(fields.name(i));
            }
            head.fields().add("Trailer", names.toString());
            length.announceTrailers();
        }
    }

    /** Returns whether fields may follow the body, so that its length must not be told; their announcement goes if not. */
    boolean mayFollow(Response head) {
        if (!length.announcesTrailers()) {
            return false;
        }
        boolean may = !length.bodiless() && areTaken();
        if (!may) {
            head.fields().remove("trailer");
        }
        return may;
    }

    /** Ends a complete response. */
    void end() {
        if (fields != null) {
            stream.end(fields);
        } else {
            stream.end();
        }
    }
}
