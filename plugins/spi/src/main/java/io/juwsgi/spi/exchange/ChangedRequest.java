package io.juwsgi.spi.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request head that differs from another one in what was set, and shows it in the CGI variables too. Set by one filter
 * before it passes the request on, on the exchange's event loop; not changed afterwards.
 */
public final class ChangedRequest implements Request {
    private final Request original;
    private @Nullable String method;
    private @Nullable String path;
    private @Nullable String query;
    private @Nullable String scheme;
    private @Nullable String remoteAddress;
    private @Nullable String remoteUser;
    private @Nullable String upstream;
    private @Nullable Fields fields;
    private final List<String> dropped = new ArrayList<>(2);

    /** Begins with what {@code original} says. */
    public ChangedRequest(Request original) {
        this.original = original;
    }

    /** Sets the method; returns this. */
    public ChangedRequest method(String method) {
        this.method = method;
        return this;
    }

    /** Sets the decoded path; returns this. {@link #target} stays what the client sent, as CGI's REQUEST_URI does. */
    public ChangedRequest path(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path: " + path + " (expected: beginning with a slash)");
        }
        this.path = path;
        return this;
    }

    /** Sets the query, without question mark; returns this. */
    public ChangedRequest query(String query) {
        this.query = query;
        return this;
    }

    /** Sets {@code http} or {@code https}; returns this. */
    public ChangedRequest scheme(String scheme) {
        this.scheme = scheme;
        return this;
    }

    /** Sets the client's address; returns this. */
    public ChangedRequest remoteAddress(String address) {
        this.remoteAddress = address;
        return this;
    }

    /** Sets who the client is, each char one byte; CGI's REMOTE_USER. Returns this. */
    public ChangedRequest remoteUser(String user) {
        this.remoteUser = user;
        return this;
    }

    /** Sets which upstream answers, see {@link Request#upstream}; returns this. */
    public ChangedRequest upstream(String name) {
        this.upstream = name;
        return this;
    }

    /** Replaces all fields called {@code name} by one; returns this. */
    public ChangedRequest field(String name, String value) {
        changed(name).set(name, value);
        return this;
    }

    /** Removes all fields called {@code name}; returns this. */
    public ChangedRequest withoutField(String name) {
        changed(name).remove(name);
        return this;
    }

    private Fields changed(String name) {
        Fields own = fields;
        if (own == null) {
            Fields from = original.fields();
            own = new Fields(from.size() + 2);
            for (int i = 0; i < from.size(); i++) {
                own.add(from.name(i), from.value(i));
            }
            fields = own;
        }
        dropped.add(variableOf(name));
        return own;
    }

    private static String variableOf(String field) {
        String name = field.toUpperCase(Locale.ROOT).replace('-', '_');
        return name.equals("CONTENT_TYPE") || name.equals("CONTENT_LENGTH") ? name : "HTTP_" + name;
    }

    @Override
    public String method() {
        return Objects.requireNonNullElse(method, original.method());
    }

    @Override
    public String target() {
        return original.target();
    }

    @Override
    public String path() {
        return path != null ? path : original.path();
    }

    @Override
    public String query() {
        return query != null ? query : original.query();
    }

    @Override
    public String protocol() {
        return original.protocol();
    }

    @Override
    public String scheme() {
        return scheme != null ? scheme : original.scheme();
    }

    @Override
    public @Nullable String host() {
        return fields != null ? fields.first("host") : original.host();
    }

    @Override
    public Fields fields() {
        return fields != null ? fields : original.fields();
    }

    @Override
    public String remoteAddress() {
        return remoteAddress != null ? remoteAddress : original.remoteAddress();
    }

    @Override
    public String listener() {
        return original.listener();
    }

    @Override
    public String upstream() {
        return upstream != null ? upstream : original.upstream();
    }

    @Override
    public int modifier1() {
        return original.modifier1();
    }

    @Override
    public int modifier2() {
        return original.modifier2();
    }

    @Override
    public void variables(VariableSink sink) {
        original.variables((name, value) -> {
            if (!isReplaced(name)) {
                sink.variable(name, value);
            }
        });
        give(sink, "REQUEST_METHOD", method);
        give(sink, "PATH_INFO", path);
        give(sink, "QUERY_STRING", query);
        give(sink, "REMOTE_ADDR", remoteAddress);
        give(sink, "REMOTE_USER", remoteUser);
        if (scheme != null) {
            give(sink, "REQUEST_SCHEME", scheme);
            give(sink, "HTTPS", scheme.equals("https") ? "on" : null);
        }
        Fields own = fields;
        for (int i = 0; own != null && i < own.size(); i++) {
            String variable = variableOf(own.name(i));
            if (dropped.contains(variable)) {
                sink.variable(variable, own.value(i));
            }
        }
    }

    private boolean isReplaced(String variable) {
        return switch (variable) {
            case "REQUEST_METHOD" -> method != null;
            case "PATH_INFO" -> path != null;
            case "QUERY_STRING" -> query != null;
            case "REMOTE_ADDR" -> remoteAddress != null;
            case "REMOTE_USER" -> remoteUser != null;
            case "REQUEST_SCHEME", "HTTPS" -> scheme != null;
            default -> dropped.contains(variable);
        };
    }

    private static void give(VariableSink sink, String name, @Nullable String value) {
        if (value != null) {
            sink.variable(name, value);
        }
    }
}
