package io.juwsgi.plugin.routing.action;

import io.juwsgi.spi.exchange.ResponseSink;

/** Makes the letters a to z of a body capital. Owned by the exchange's event loop. */
final class UpperCaseSink extends TransformingSink {
    UpperCaseSink(ResponseSink sink) {
        super(sink);
    }

    @Override
    void bytes(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] >= 'a' && bytes[i] <= 'z') {
                bytes[i] = (byte) (bytes[i] - 'a' + 'A');
            }
        }
        pass(bytes);
    }
}
