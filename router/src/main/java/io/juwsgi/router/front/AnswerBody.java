package io.juwsgi.router.front;

import io.juwsgi.router.exchange.PartStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An answer's body as a stream. Owned by the front's thread. */
final class AnswerBody extends PartStream {
    private final AnswerQueue queue;
    private final ConnectionOutput output;

    /**
     * Makes a stream.
     *
     * @param output sent before this one waits
     */
    AnswerBody(AnswerQueue queue, ConnectionOutput output) {
        this.queue = queue;
        this.output = output;
    }

    @Override
    protected byte @Nullable [] next() throws IOException {
        if (queue.empty()) {
            output.flush();
        }
        return queue.next();
    }
}
