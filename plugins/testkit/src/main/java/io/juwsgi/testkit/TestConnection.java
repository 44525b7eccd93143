package io.juwsgi.testkit;

import io.juwsgi.spi.exchange.Failure;
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
    private final List<Failure> refusals = new ArrayList<>();
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

    /** Returns what was refused. */
    public List<Failure> refusals() {
        return List.copyOf(refusals);
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
        return refusals.isEmpty() && input.available() > 0;
    }

    @Override
    public boolean closing() {
        return !refusals.isEmpty();
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
        return new Answer(200, "OK", ANSWER);
    }

    @Override
    public FrontAnswer refuse(Failure failure) {
        if (open > 0) {
            throw new IllegalStateException("refuse: the last answer is not closed");
        }
        refusals.add(failure);
        return new Answer(failure.status(), "Refused", failure.reason());
    }

    /** An answer of text. */
    private final class Answer implements FrontAnswer {
        private final Response head;
        private final byte[] text;
        private final InputStream body;
        private boolean closed;

        Answer(int status, String reason, String answer) {
            text = answer.getBytes(StandardCharsets.UTF_8);
            body = new ByteArrayInputStream(text);
            Fields fields = new Fields();
            fields.add("Content-Length", Integer.toString(text.length));
            head = new Response(status, reason, fields);
            open++;
        }

        @Override
        public Response head() {
            return head;
        }

        @Override
        public long length() {
            return text.length;
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
