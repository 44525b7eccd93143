package io.juwsgi.testkit;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request's head that a test writes: HTTP/1.1 over plain http from 127.0.0.1 to example.org, where nothing else is said.
 * Immutable; each method with a value returns a changed copy.
 */
public final class TestRequest implements Request {
    private static final String HOST = "example.org";

    private final String method;
    private final String target;
    private final Map<String, String> heads;
    private final Fields fields;
    private final Consumer<VariableSink> more;

    private TestRequest(
            String method, String target, Map<String, String> heads, Fields fields, Consumer<VariableSink> more) {
        this.method = method;
        this.target = target;
        this.heads = heads;
        this.fields = fields;
        this.more = more;
    }

    /**
     * Returns a request.
     *
     * @param target path and query as a client writes them, such as {@code /a%20b?c=d}
     */
    public static TestRequest of(String method, String target) {
        Map<String, String> heads = Map.of(
                "protocol", "HTTP/1.1", "scheme", "http", "remote", "127.0.0.1", "modifier1", "0", "modifier2", "0");
        return new TestRequest(method, target, heads, Fields.of("Host", HOST), sink -> {});
    }

    /** Returns a GET request. */
    public static TestRequest get(String target) {
        return of("GET", target);
    }

    /** Returns a POST request; its body is the exchange's matter. */
    public static TestRequest post(String target) {
        return of("POST", target);
    }

    private TestRequest head(String name, String value) {
        Map<String, String> changed = new TreeMap<>(heads);
        changed.put(name, value);
        return new TestRequest(method, target, changed, fields, more);
    }

    /** Returns this request with one more field; {@code Host} replaces the one that is there. */
    public TestRequest field(String name, String value) {
        Fields changed = new Fields(fields.size() + 1);
        for (int i = 0; i < fields.size(); i++) {
            changed.add(fields.name(i), fields.value(i));
        }
        if (name.equalsIgnoreCase("host")) {
            changed.remove(name);
        }
        changed.add(name, value);
        return new TestRequest(method, target, heads, changed, more);
    }

    /** Returns this request with more fields, names and values in turn. */
    public TestRequest fields(String... namesAndValues) {
        TestRequest request = this;
        Fields added = Fields.of(namesAndValues);
        for (int i = 0; i < added.size(); i++) {
            request = request.field(added.name(i), added.value(i));
        }
        return request;
    }

    /** Returns this request with a CGI variable that no field gives, such as {@code REMOTE_USER}. */
    public TestRequest variable(String name, String value) {
        return variables(sink -> sink.variable(name, value));
    }

    /** Returns this request with further CGI variables: {@code source} is called each time that somebody asks for them. */
    public TestRequest variables(Consumer<VariableSink> source) {
        return new TestRequest(method, target, heads, fields, more.andThen(source));
    }

    /** Returns this request over {@code http} or {@code https}. */
    public TestRequest scheme(String scheme) {
        return head("scheme", scheme);
    }

    /** Returns this request in another protocol version, such as {@code HTTP/1.0}. */
    public TestRequest protocol(String protocol) {
        return head("protocol", protocol);
    }

    /** Returns this request from another address. */
    public TestRequest remoteAddress(String address) {
        return head("remote", address);
    }

    /** Returns this request with other handler numbers, each 0 to 255. */
    public TestRequest modifiers(int modifier1, int modifier2) {
        return head("modifier1", String.valueOf(modifier1)).head("modifier2", String.valueOf(modifier2));
    }

    private String head(String name) {
        return heads.getOrDefault(name, "");
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String target() {
        return target;
    }

    /** Returns the decoded path; dot segments stay, a test writes what it means. */
    @Override
    public String path() {
        int mark = target.indexOf('?');
        String raw = mark < 0 ? target : target.substring(0, mark);
        return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.ISO_8859_1);
    }

    @Override
    public String query() {
        int mark = target.indexOf('?');
        return mark < 0 ? "" : target.substring(mark + 1);
    }

    @Override
    public String protocol() {
        return head("protocol");
    }

    @Override
    public String scheme() {
        return head("scheme");
    }

    @Override
    public @Nullable String host() {
        return fields.first("host");
    }

    @Override
    public Fields fields() {
        return fields;
    }

    @Override
    public String remoteAddress() {
        return head("remote");
    }

    @Override
    public int modifier1() {
        return Integer.parseInt(head("modifier1"));
    }

    @Override
    public int modifier2() {
        return Integer.parseInt(head("modifier2"));
    }

    @Override
    public void variables(VariableSink sink) {
        sink.variable("REQUEST_METHOD", method);
        sink.variable("REQUEST_URI", target);
        sink.variable("PATH_INFO", path());
        sink.variable("QUERY_STRING", query());
        sink.variable("SERVER_PROTOCOL", protocol());
        sink.variable("REQUEST_SCHEME", scheme());
        if (scheme().equals("https")) {
            sink.variable("HTTPS", "on");
        }
        sink.variable("REMOTE_ADDR", remoteAddress());
        for (int i = 0; i < fields.size(); i++) {
            sink.variable(variableOf(fields.name(i)), fields.value(i));
        }
        more.accept(sink);
    }

    private static String variableOf(String field) {
        String name = field.toUpperCase(Locale.ROOT).replace('-', '_');
        return List.of("CONTENT_TYPE", "CONTENT_LENGTH").contains(name) ? name : "HTTP_" + name;
    }

    @Override
    public String toString() {
        return method + " " + target;
    }
}
