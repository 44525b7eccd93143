package io.juwsgi.router.uwsgi;

import io.juwsgi.router.exchange.Peer;
import io.juwsgi.router.exchange.ServerRequest;
import io.juwsgi.spi.exchange.Fields;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request that came as CGI variables: in a uwsgi packet, or from a plugin's front. Owned by its connection's event loop. */
public final class UwsgiRequest implements ServerRequest {
    /** WSGI with SCRIPT_NAME still standing at the front of PATH_INFO. */
    private static final int SCRIPT_NAME_IN_PATH = 30;

    private final String listener;
    private final int modifier1;
    private final int modifier2;
    private final Fields variables;
    private final Peer peer;
    private @Nullable Fields fields;

    /**
     * Makes a request.
     *
     * @param listener the option that opened the listener
     * @param variables in wire order, owned by the request
     */
    public UwsgiRequest(String listener, int modifier1, int modifier2, Fields variables, Peer peer) {
        this.listener = listener;
        this.modifier1 = modifier1;
        this.modifier2 = modifier2;
        this.variables = variables;
        this.peer = peer;
        if (modifier1 == SCRIPT_NAME_IN_PATH) {
            stripScriptName();
        }
    }

    private void stripScriptName() {
        String script = variable("SCRIPT_NAME");
        String path = variable("PATH_INFO");
        boolean inFront =
                path.startsWith(script) && (path.length() == script.length() || path.charAt(script.length()) == '/');
        if (!script.isEmpty() && inFront) {
            variables.set("PATH_INFO", path.substring(script.length()));
        }
    }

    @Override
    public String variable(String name) {
        for (int i = variables.size() - 1; i >= 0; i--) {
            if (variables.name(i).equals(name)) {
                return variables.value(i);
            }
        }
        return "";
    }

    private String variable(String name, String otherwise) {
        String value = variable(name);
        return value.isEmpty() ? otherwise : value;
    }

    @Override
    public void bodyLength(long bytes) {
        // CONTENT_LENGTH is on the wire already.
    }

    @Override
    public String method() {
        return variable("REQUEST_METHOD", "GET");
    }

    @Override
    public String target() {
        return variable("REQUEST_URI", path());
    }

    @Override
    public String path() {
        return variable("PATH_INFO");
    }

    @Override
    public String query() {
        return variable("QUERY_STRING");
    }

    @Override
    public String protocol() {
        return variable("SERVER_PROTOCOL", "HTTP/1.0");
    }

    @Override
    public String scheme() {
        String said =
                variable("UWSGI_SCHEME", variable("HTTP_X_FORWARDED_PROTO")).toLowerCase(Locale.ROOT);
        if (said.equals("http") || said.equals("https")) {
            return said;
        }
        String https = variable("HTTPS");
        return https.equalsIgnoreCase("on") || https.equals("1") ? "https" : "http";
    }

    @Override
    public @Nullable String host() {
        String host = variable("HTTP_HOST", variable("SERVER_NAME"));
        return host.isEmpty() ? null : host;
    }

    @Override
    public Fields fields() {
        if (fields == null) {
            fields = makeFields();
        }
        return Objects.requireNonNull(fields);
    }

    private Fields makeFields() {
        Fields made = new Fields(variables.size());
        for (int i = 0; i < variables.size(); i++) {
            String name = variables.name(i);
            String value = variables.value(i);
            if (name.startsWith("HTTP_")) {
                made.add(fieldName(name.substring(5)), value);
            } else if ((name.equals("CONTENT_TYPE") || name.equals("CONTENT_LENGTH")) && !value.isEmpty()) {
                made.add(fieldName(name), value);
            }
        }
        return made;
    }

    private static String fieldName(String variable) {
        StringBuilder name = new StringBuilder(variable.length());
        boolean first = true;
        for (int i = 0; i < variable.length(); i++) {
            char c = variable.charAt(i);
            name.append(c == '_' ? '-' : first ? c : Character.toLowerCase(c));
            first = c == '_';
        }
        return name.toString();
    }

    @Override
    public String remoteAddress() {
        return variable("REMOTE_ADDR", peer.remoteAddress());
    }

    @Override
    public String remotePort() {
        return variable("REMOTE_PORT");
    }

    @Override
    public String listener() {
        return listener;
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
        for (int i = 0; i < variables.size(); i++) {
            sink.variable(variables.name(i), variables.value(i));
        }
    }
}
