package io.juwsgi.router.front;

import java.io.IOException;
import java.io.Serial;

/** The answer to a request ends too early; the exchange's line in the access log says why. */
final class CutOffException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    CutOffException() {
        super("the answer was cut off");
    }
}
