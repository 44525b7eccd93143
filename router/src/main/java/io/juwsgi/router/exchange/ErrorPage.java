package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import java.nio.charset.StandardCharsets;

/** The answer to a failed request: status, one sentence and the request id as plain text, nothing of our insides. */
final class ErrorPage {
    /** Seconds after which a client may ask a server again that had no room or no worker. */
    private static final String RETRY_AFTER = "1";

    private ErrorPage() {}

    static Response head(Failure failure) {
        Fields fields = Fields.of("Content-Type", "text/plain; charset=utf-8", "Cache-Control", "no-store");
        if (failure.status() == 503) {
            fields.add("Retry-After", RETRY_AFTER);
        }
        return new Response(failure.status(), StatusText.of(failure.status()), fields);
    }

    static byte[] text(Failure failure, String requestId) {
        String text = failure.status() + " " + StatusText.of(failure.status()) + "\n\n" + failure.reason()
                + "\n\nRequest id: " + requestId + "\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
