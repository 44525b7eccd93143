package io.juwsgi.plugin.scgi;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.front.FrontAnswer;
import io.juwsgi.spi.front.FrontConnection;
import io.juwsgi.spi.front.FrontRequest;
import io.juwsgi.spi.front.ProtocolFront;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Speaks SCGI: one request a connection, and an answer as CGI scripts give it, which the connection's end ends. */
final class ScgiFront implements ProtocolFront {
    private final List<String> addresses;
    private final List<String> nphAddresses;
    private final int modifier1;
    private final int modifier2;

    /**
     * Makes a front.
     *
     * @throws ConfigException when a modifier is out of bounds
     */
    ScgiFront(Settings settings) {
        addresses = settings.get(ScgiOptions.SOCKET);
        nphAddresses = settings.get(ScgiOptions.NPH_SOCKET);
        modifier1 = modifier(settings, ScgiOptions.MODIFIER1);
        modifier2 = modifier(settings, ScgiOptions.MODIFIER2);
    }

    private static int modifier(Settings settings, Option<Integer> option) {
        int number = settings.get(option);
        if (number < 0 || number > 255) {
            throw new ConfigException("--" + option.name() + " " + number + ": expected 0 to 255");
        }
        return number;
    }

    @Override
    public Map<String, List<String>> addresses() {
        return Map.of(ScgiOptions.SOCKET.name(), addresses, ScgiOptions.NPH_SOCKET.name(), nphAddresses);
    }

    @Override
    public void serve(FrontConnection connection) throws IOException {
        if (!connection.awaitRequest()) {
            return;
        }
        String statusLine = connection.listener().equals(ScgiOptions.NPH_SOCKET.name()) ? "HTTP/1.0 " : "Status: ";
        try (FrontAnswer answer = answer(connection)) {
            connection.output().write(text(statusLine, answer.head()));
            answer.body().transferTo(connection.output());
        }
    }

    private FrontAnswer answer(FrontConnection connection) throws IOException {
        try {
            return submit(connection);
        } catch (ScgiException e) {
            return connection.refuse(Failure.client(e.status(), "bad-scgi", String.valueOf(e.getMessage())));
        } catch (SocketTimeoutException e) {
            return connection.refuse(
                    Failure.client(408, "request-timeout", "The SCGI request did not arrive in time."));
        } catch (EOFException e) {
            return connection.refuse(Failure.client(400, "body-cut-off", "The request body is not complete."));
        }
    }

    private FrontAnswer submit(FrontConnection connection) throws IOException {
        ScgiHead head = ScgiHead.read(connection.input(), connection.headLimit());
        FrontRequest request = new FrontRequest(head.variables(), head.length(), modifier1, modifier2);
        return connection.submit(request, connection.input());
    }

    private static byte[] text(String statusLine, Response head) {
        StringBuilder text = new StringBuilder(256);
        text.append(statusLine)
                .append(head.status())
                .append(' ')
                .append(head.reason())
                .append("\r\n");
        Fields fields = head.fields();
        for (int i = 0; i < fields.size(); i++) {
            text.append(fields.name(i)).append(": ").append(fields.value(i)).append("\r\n");
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
