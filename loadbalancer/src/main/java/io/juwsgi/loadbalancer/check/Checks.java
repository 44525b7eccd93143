package io.juwsgi.loadbalancer.check;

import io.juwsgi.protocol.uwsgi.UwsgiHeader;
import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.balance.CheckTarget;
import io.juwsgi.spi.balance.HealthCheck;
import io.juwsgi.spi.extension.Extension;
import java.io.IOException;

/** Registers the health checks; those without settings are here. */
public final class Checks {

    /** Of checks that have none. */
    record NoSettings() {}

    private Checks() {}

    /** Adds {@code tcp}, {@code uwsgi}, {@code http} and {@code fastcgi}. */
    public static void register(Extensions extensions) {
        bare(extensions, "tcp", Checks::tcp);
        bare(extensions, "uwsgi", Checks::uwsgi);
        extensions.healthCheck(
                new Extension<>("http", HttpCheckSettings.class, (settings, context) -> (HealthCheck) settings::check));
        extensions.healthCheck(new Extension<>(
                "fastcgi", FastCgiCheckSettings.class, (settings, context) -> (HealthCheck) settings::check));
    }

    private static void bare(Extensions extensions, String id, HealthCheck check) {
        extensions.healthCheck(new Extension<>(id, NoSettings.class, (settings, context) -> check));
    }

    /** Connects, and no more. */
    private static void tcp(CheckTarget target) throws IOException {
        Connection.to(target).close();
    }

    /** Sends the uwsgi protocol's ping (modifier1 100) and waits for the answer to it. */
    private static void uwsgi(CheckTarget target) throws IOException {
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
