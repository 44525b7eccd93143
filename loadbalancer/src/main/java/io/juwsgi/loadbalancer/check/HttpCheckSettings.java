package io.juwsgi.loadbalancer.check;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import io.juwsgi.spi.balance.CheckTarget;
import java.io.IOException;

/**
 * Settings of the HTTP health check.
 *
 * @param status the lowest and highest status of a good answer
 */
@Doc("ask endpoints by HTTP whether they are well")
record HttpCheckSettings(
        @Default("200-399") @Doc("the lowest and highest status of a good answer")
        String status) {

    HttpCheckSettings {
        var _ = StatusRange.parse(status);
    }

    /** Asks for the path and looks at the status. */
    void check(CheckTarget target) throws IOException {
        try (Connection connection = Connection.to(target)) {
            connection.send(Connection.ascii("GET " + target.path() + " HTTP/1.1\r\nHost: " + target.host()
                    + "\r\nUser-Agent: juwsgi-health\r\nConnection: close\r\n\r\n"));
            String line = connection.line(1024);
            if (!line.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
                throw new IOException("answered something else than HTTP");
            }
            StatusRange.parse(status).require(Integer.parseInt(line.substring(9, 12)), "");
        }
    }
}
