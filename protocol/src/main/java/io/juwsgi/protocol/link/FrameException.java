package io.juwsgi.protocol.link;

import java.io.IOException;

/** The other side broke the framing rules of the worker link. */
public final class FrameException extends IOException {
    private static final long serialVersionUID = 1;

    public FrameException(String message) {
        super(message);
    }
}
