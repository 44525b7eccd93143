package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answers to failed requests: a page that was configured for the status, or status, one sentence and the request id as plain text;
 * nothing of our insides. Immutable.
 */
public final class ErrorPages {
    /** Plain text for everything. */
    public static final ErrorPages PLAIN = new ErrorPages(Map.of());

    /** Seconds after which a client may ask a server again that had no room or no worker. */
    private static final String RETRY_AFTER = "1";

    /** A page that is the same for everybody. */
    public static final class Page {
        private final String type;
        private final byte[] bytes;

        /**
         * Makes one.
         *
         * @param type its media type
         * @param bytes the page, not changed any more
         */
        public Page(String type, byte[] bytes) {
            this.type = type;
            this.bytes = bytes;
        }
    }

    private final Map<Integer, Page> pages;

    /** Makes answers of which some are pages, by status. */
    public ErrorPages(Map<Integer, Page> pages) {
        this.pages = Map.copyOf(pages);
    }

    Response head(Failure failure) {
        Page page = pages.get(failure.status());
        String type = page == null ? "text/plain; charset=utf-8" : page.type;
        Fields fields = Fields.of("Content-Type", type, "Cache-Control", "no-store");
        if (failure.status() == 503) {
            fields.add("Retry-After", RETRY_AFTER);
        }
        return new Response(failure.status(), StatusText.of(failure.status()), fields);
    }

    /** Returns bytes that nobody may change. */
    byte[] body(Failure failure, String requestId) {
        @Nullable Page page = pages.get(failure.status());
        return page == null ? text(failure, requestId) : page.bytes;
    }

    private static byte[] text(Failure failure, String requestId) {
        String text = failure.status() + " " + StatusText.of(failure.status()) + "\n\n" + failure.reason()
                + "\n\nRequest id: " + requestId + "\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
