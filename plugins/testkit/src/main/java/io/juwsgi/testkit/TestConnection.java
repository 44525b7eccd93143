package io.juwsgi.testkit;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.front.FrontAnswer;
import io.juwsgi.spi.front.FrontConnection;
import io.juwsgi.spi.front.FrontRequest;
import io.juwsgi.spi.front.ProtocolFront;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A client's connection in memory, for protocol fronts: it sends bytes and ends. Used on the test's thread. */
public final class TestConnection implements FrontConnection {
    private static final String ANSWER = "answered";

    private final ByteArrayInputStream input;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final List<FrontRequest> requests = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();
    private int open;

    private TestConnection(byte[] sent) {
        this.input = new ByteArrayInputStream(sent);
    }

    /** Returns a connection whose client sends these bytes. */
    public static TestConnection of(byte[] sent) {
        return new TestConnection(sent);
    }

    /** Lets a front of a plugin that was started serve this connection. */
    public void serve(PluginUnderTest plugin, String front) throws Exception {
        plugin.component(ProtocolFront.class, front).serve(this);
    }

    /** Returns the requests that were submitted. */
    public List<FrontRequest> requests() {
        return List.copyOf(requests);
    }

    /** Returns their bodies, each char one byte. */
    public List<String> bodies() {
        return List.copyOf(bodies);
    }

    /** Returns how many answers were not closed. */
    public int openAnswers() {
        return open;
    }

    /** Returns what the client got, each char one byte. */
    public String sentText() {
        return output.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public String listener() {
        return "front-socket";
    }

    @Override
    public Optional<InetSocketAddress> peer() {
        return Optional.empty();
    }

    @Override
    public Optional<InetSocketAddress> local() {
        return Optional.empty();
    }

    @Override
    public int headLimit() {
        return 65_535;
    }

    @Override
    public boolean awaitRequest() {
        return input.available() > 0;
    }

    @Override
    public boolean closing() {
        return false;
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public FrontAnswer submit(FrontRequest request, InputStream body) throws IOException {
        if (open > 0) {
            throw new IllegalStateException("submit: the last answer is not closed");
        }
        byte[] bytes = request.length() < 0
                ? body.readAllBytes()
                : body.readNBytes((int) Math.min(request.length(), Integer.MAX_VALUE));
        if (bytes.length < request.length()) {
            throw new EOFException("the request body is not complete");
        }
        requests.add(request);
        bodies.add(new String(bytes, StandardCharsets.ISO_8859_1));
        open++;
        return new Answer();
    }

    /** The same answer each time. */
    private final class Answer implements FrontAnswer {
        private final InputStream body = new ByteArrayInputStream(ANSWER.getBytes(StandardCharsets.US_ASCII));
        private boolean closed;

        @Override
        public Response head() {
            Fields fields = new Fields();
            fields.add("Content-Length", Integer.toString(ANSWER.length()));
            return new Response(200, "OK", fields);
        }

        @Override
        public long length() {
            return ANSWER.length();
        }

        @Override
        public InputStream body() {
            return body;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                open--;
            }
        }
    }
}
