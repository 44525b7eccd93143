package io.juwsgi.router.accesslog;

import io.juwsgi.spi.exchange.Request;

/** Counts a request's variables and the bytes they have in a uwsgi packet. Made for one line. */
final class PacketSize implements Request.VariableSink {
    private int count;
    private int bytes;

    static PacketSize of(Request request) {
        PacketSize size = new PacketSize();
        request.variables(size);
        return size;
    }

    @Override
    public void variable(String name, String value) {
        count++;
        bytes += 4 + name.length() + value.length();
    }

    int count() {
        return count;
    }

    int bytes() {
        return bytes;
    }
}
