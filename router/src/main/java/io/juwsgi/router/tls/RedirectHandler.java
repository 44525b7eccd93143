package io.juwsgi.router.tls;

import io.juwsgi.config.ConfigException;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Response;
import java.util.List;

/** Sends every request to the same place over https. Immutable. */
public final class RedirectHandler implements Handler {
    private final String port;

    private RedirectHandler(String port) {
        this.port = port;
    }

    /**
     * The value of {@code http-to-https}.
     *
     * @param address where it listens, not parsed
     * @param handler what answers there
     */
    public record Redirect(String address, RedirectHandler handler) {}

    /**
     * Reads {@code ADDRESS[,PORT]}.
     *
     * @throws ConfigException when it has another form
     */
    public static Redirect parse(String text) {
        List<String> parts = List.of(text.split(",", -1));
        String port = parts.size() > 1 ? parts.get(1) : "";
        if (parts.size() > 2 || !port.matches("(:?[1-9][0-9]{0,4})?")) {
            throw new ConfigException("--http-to-https " + text + " (expected: ADDRESS[,PORT])");
        }
        String number = port.startsWith(":") ? port.substring(1) : port;
        return new Redirect(
                parts.getFirst(), new RedirectHandler(number.isEmpty() || number.equals("443") ? "" : ":" + number));
    }

    @Override
    public void handle(Exchange exchange) {
        String host = exchange.request().host();
        if (host == null || host.isEmpty()) {
            exchange.fail(Failure.client(400, "no-host", "The request names no host to send it to."));
            return;
        }
        String target = exchange.request().target();
        String location = "https://" + name(host) + port + (target.startsWith("/") ? target : "/");
        exchange.response().head(new Response(301, "Moved Permanently", Fields.of("Location", location)));
        exchange.response().end();
    }

    /** Returns the host without its port, which is the wrong one for https. */
    private static String name(String host) {
        int end = host.lastIndexOf(']');
        int colon = host.indexOf(':', end + 1);
        return colon < 0 ? host : host.substring(0, colon);
    }
}
