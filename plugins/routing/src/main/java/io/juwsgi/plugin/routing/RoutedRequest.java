package io.juwsgi.plugin.routing;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request of which routes have set variables. Owned by the exchange's event loop. */
final class RoutedRequest implements Request {
    private final Request original;
    private final Map<String, String> set = new LinkedHashMap<>(4);
    private int modifier1;
    private int modifier2;
    private String upstream;
    private @Nullable Fields fields;

    RoutedRequest(Request original) {
        this.original = original;
        this.modifier1 = original.modifier1();
        this.modifier2 = original.modifier2();
        this.upstream = original.upstream();
    }

    void set(String name, String value) {
        set.put(name, value);
        fields = null;
    }

    void modifiers(int first, int second) {
        modifier1 = first;
        modifier2 = second;
    }

    void upstream(String name) {
        upstream = name;
    }

    private String either(String name, String otherwise) {
        return Objects.requireNonNullElse(set.get(name), otherwise);
    }

    @Override
    public String method() {
        return either("REQUEST_METHOD", original.method());
    }

    @Override
    public String target() {
        return either("REQUEST_URI", original.target());
    }

    @Override
    public String path() {
        return either("PATH_INFO", original.path());
    }

    @Override
    public String query() {
        return either("QUERY_STRING", original.query());
    }

    @Override
    public String protocol() {
        return original.protocol();
    }

    @Override
    public String scheme() {
        String https = set.get("HTTPS");
        String byHttps = https == null
                ? original.scheme()
                : https.equalsIgnoreCase("on") || https.equals("1") ? "https" : "http";
        return either("UWSGI_SCHEME", byHttps);
    }

    @Override
    public @Nullable String host() {
        String own = set.get("HTTP_HOST");
        return own != null ? own : original.host();
    }

    @Override
    public Fields fields() {
        Fields own = fields;
        if (own == null) {
            own = changedFields();
            fields = own;
        }
        return own;
    }

    private Fields changedFields() {
        Map<String, String> replaced = new HashMap<>();
        set.forEach((variable, value) -> {
            String field = fieldOf(variable);
            if (field != null) {
                replaced.put(field, value);
            }
        });
        if (replaced.isEmpty()) {
            return original.fields();
        }
        Fields from = original.fields();
        Fields changed = new Fields(from.size() + replaced.size());
        for (int i = 0; i < from.size(); i++) {
            if (!replaced.containsKey(from.name(i).toLowerCase(Locale.ROOT))) {
                changed.add(from.name(i), from.value(i));
            }
        }
        replaced.forEach(changed::add);
        return changed;
    }

    private static @Nullable String fieldOf(String variable) {
        if (variable.equals("CONTENT_TYPE") || variable.equals("CONTENT_LENGTH")) {
            return variable.toLowerCase(Locale.ROOT).replace('_', '-');
        }
        return variable.startsWith("HTTP_")
                ? variable.substring(5).toLowerCase(Locale.ROOT).replace('_', '-')
                : null;
    }

    @Override
    public String remoteAddress() {
        return either("REMOTE_ADDR", original.remoteAddress());
    }

    @Override
    public String listener() {
        return original.listener();
    }

    @Override
    public String upstream() {
        return upstream;
    }

    @Override
    public int modifier1() {
        return modifier1;
    }

    @Override
    public int modifier2() {
        return modifier2;
    }

    @Override
    public void variables(VariableSink sink) {
        original.variables((name, value) -> {
            if (!set.containsKey(name)) {
                sink.variable(name, value);
            }
        });
        set.forEach(sink::variable);
    }
}
