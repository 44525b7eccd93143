package io.juwsgi.testkit;

import io.juwsgi.spi.exchange.Account;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.ResponseSink;
import io.juwsgi.spi.route.RouteExchange;
import io.juwsgi.spi.route.RouteStage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An exchange on its way through routes, in a test, with what a word has done to it. Used on the test's thread. */
public final class TestRouteExchange implements RouteExchange {
    private final RouteStage stage;
    private final Request request;
    private final Account account = new Account();
    private final Map<String, String> variables = new HashMap<>();
    private final Fields added = new Fields();
    private final List<String> removed = new ArrayList<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final List<UnaryOperator<ResponseSink>> transformations = new ArrayList<>();
    private String[] groups = {};
    private int[] modifiers = {};
    private String upstream = "";
    private int status;
    private @Nullable Fields begun;
    private @Nullable Failure refusal;

    private TestRouteExchange(RouteStage stage, Request request) {
        this.stage = stage;
        this.request = request;
        request.variables(variables::put);
    }

    /** Makes one that has reached a table of routes. */
    public static TestRouteExchange of(RouteStage stage, Request request) {
        return new TestRouteExchange(stage, request);
    }

    @Override
    public String id() {
        return "0123456789abcdef";
    }

    @Override
    public RouteStage stage() {
        return stage;
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public Account account() {
        return account;
    }

    @Override
    public String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    @Override
    public void variable(String name, String value) {
        variables.put(name, value);
    }

    @Override
    public void modifiers(int modifier1, int modifier2) {
        modifiers = new int[] {modifier1, modifier2};
    }

    /** Returns modifier1 and modifier2 that a word has set, or an empty list. */
    public List<Integer> modifiers() {
        return java.util.Arrays.stream(modifiers).boxed().toList();
    }

    @Override
    public void upstream(String name) {
        upstream = name;
    }

    /** Returns the upstream that a word has chosen, or an empty text. */
    public String upstream() {
        return upstream;
    }

    @Override
    public String group(int index) {
        return index < groups.length ? groups[index] : "";
    }

    @Override
    public void groups(String[] found) {
        groups = found.clone();
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public long bytesSent() {
        return sent.size();
    }

    @Override
    public long elapsedMicros() {
        return 1;
    }

    @Override
    public void addField(String name, String value) {
        added.add(name, value);
    }

    @Override
    public void removeField(String name) {
        removed.add(name);
    }

    /** Returns the fields that words have added to the response. */
    public Fields added() {
        return added;
    }

    /** Returns the names of the fields that words have removed from the response. */
    public List<String> removed() {
        return removed;
    }

    @Override
    public Fields begin(int newStatus, String reason) {
        status = newStatus;
        Fields fields = new Fields();
        begun = fields;
        return fields;
    }

    @Override
    public void send(byte[] bytes) {
        if (begun == null) {
            var _ = begin(200, "OK");
        }
        sent.writeBytes(bytes);
    }

    @Override
    public void send(FileRegion file) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.count()));
        try (var channel = file.channel()) {
            while (bytes.hasRemaining() && channel.read(bytes, file.position() + bytes.position()) >= 0) {
                // On to the end of the region.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        send(bytes.array());
    }

    /** Returns the body that words have sent, as ISO 8859-1. */
    public String text() {
        return sent.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean begun() {
        return begun != null;
    }

    @Override
    public void refuse(Failure failure) {
        refusal = failure;
    }

    /** Returns why a word has refused the client, or null. */
    public @Nullable Failure refusal() {
        return refusal;
    }

    @Override
    public void transform(UnaryOperator<ResponseSink> transformation) {
        transformations.add(transformation);
    }

    /** Returns what words have put around the response, in order. */
    public List<UnaryOperator<ResponseSink>> transformations() {
        return transformations;
    }
}
