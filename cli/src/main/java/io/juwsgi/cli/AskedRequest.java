package io.juwsgi.cli;

import io.juwsgi.config.ConfigException;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The request that a browser on this machine would send for a URL. Immutable. */
record AskedRequest(String scheme, String host, String target, String path, String query) implements Request {
    private static final String HERE = "127.0.0.1";

    /**
     * Reads a URL, or a path alone.
     *
     * @throws ConfigException when it is none
     */
    static AskedRequest of(String text) {
        try {
            URI url = new URI(text);
            String path = Objects.requireNonNullElse(url.getPath(), "");
            String query = Objects.requireNonNullElse(url.getRawQuery(), "");
            String rawPath = path.isEmpty() ? "/" : url.getRawPath();
            String authority = Objects.requireNonNullElse(url.getRawAuthority(), "localhost");
            return new AskedRequest(
                    Objects.requireNonNullElse(url.getScheme(), "http"),
                    authority,
                    query.isEmpty() ? rawPath : rawPath + "?" + query,
                    path.isEmpty()
                            ? "/"
                            : new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1),
                    query);
        } catch (URISyntaxException e) {
            throw new ConfigException(text + " is no URL: " + e.getReason());
        }
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String protocol() {
        return "HTTP/1.1";
    }

    @Override
    public Fields fields() {
        return Fields.of("Host", host);
    }

    @Override
    public String remoteAddress() {
        return HERE;
    }

    @Override
    public int modifier1() {
        return 0;
    }

    @Override
    public int modifier2() {
        return 0;
    }

    @Override
    public void variables(VariableSink sink) {
        sink.variable("REQUEST_METHOD", method());
        sink.variable("PATH_INFO", path);
        sink.variable("REQUEST_URI", target);
        sink.variable("QUERY_STRING", query);
        sink.variable("SERVER_PROTOCOL", protocol());
        sink.variable("SCRIPT_NAME", "");
        sink.variable("REMOTE_ADDR", HERE);
        sink.variable("REQUEST_SCHEME", scheme);
        if (scheme.equals("https")) {
            sink.variable("HTTPS", "on");
        }
        sink.variable("HTTP_HOST", host);
    }
}
