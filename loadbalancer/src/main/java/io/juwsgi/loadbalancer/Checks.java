package io.juwsgi.loadbalancer;

import io.juwsgi.protocol.uwsgi.UwsgiHeader;
import io.juwsgi.spi.balance.CheckTarget;
import java.io.IOException;

/** Health checks without settings. */
final class Checks {
    private Checks() {}

    /** Connects, and no more. */
    static void tcp(CheckTarget target) throws IOException {
        Connection.to(target).close();
    }

    /** Sends the uwsgi protocol's ping (modifier1 100) and waits for the answer to it. */
    static void uwsgi(CheckTarget target) throws IOException {
        byte[] ping = new byte[UwsgiHeader.SIZE];
        new UwsgiHeader(UwsgiHeader.PING, 0, 0).write(ping, 0);
        try (Connection connection = Connection.to(target)) {
            connection.send(ping);
            UwsgiHeader answer = UwsgiHeader.read(connection.read(UwsgiHeader.SIZE), 0);
            if (answer.modifier1() != UwsgiHeader.PING || answer.modifier2() != 1) {
                throw new IOException("answered something else than a ping");
            }
        }
    }
}
