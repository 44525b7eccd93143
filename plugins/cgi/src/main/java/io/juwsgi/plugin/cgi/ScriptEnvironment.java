package io.juwsgi.plugin.cgi;

import io.juwsgi.spi.exchange.Request;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** The meta-variables of a script (RFC 3875 section 4.1). */
final class ScriptEnvironment {
    /** The Proxy field would tell programs that a client's machine is their HTTP proxy; the others are about us. */
    private static final Set<String> NEVER =
            Set.of("HTTP_PROXY", "NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LD_PRELOAD", "LD_LIBRARY_PATH");

    private ScriptEnvironment() {}

    /** Fills {@code environment}, which begins as our own. */
    static void fill(Map<String, String> environment, Request request, Script script, Set<String> unset) {
        environment
                .keySet()
                .removeIf(name -> NEVER.contains(name)
                        || unset.contains(name)
                        || name.startsWith("HTTP_")
                        || name.startsWith("UWSGI_")
                        || name.startsWith("JUWSGI_"));
        request.variables((name, value) -> {
            if (isSafe(name) && value.indexOf('\0') < 0) {
                environment.put(name, text(value));
            }
        });
        environment.put("GATEWAY_INTERFACE", "CGI/1.1");
        environment.put("SERVER_SOFTWARE", "juwsgi");
        environment.put("SCRIPT_NAME", text(script.name()));
        environment.put("SCRIPT_FILENAME", script.file().toString());
        environment.put("DOCUMENT_ROOT", script.root().toString());
        environment.put("PATH_INFO", text(script.pathInfo()));
        // php-cgi does not serve without it.
        environment.put("REDIRECT_STATUS", "200");
        if (script.pathInfo().isEmpty()) {
            environment.remove("PATH_TRANSLATED");
        } else {
            environment.put("PATH_TRANSLATED", Path.of(script.root().toString()) + text(script.pathInfo()));
        }
    }

    /** Only what a front made of a request: nothing else on the wire may steer the script's interpreter. */
    private static boolean isSafe(String name) {
        if (NEVER.contains(name)) {
            return false;
        }
        return name.startsWith("HTTP_")
                || switch (name) {
                    case "AUTH_TYPE",
                            "CONTENT_LENGTH",
                            "CONTENT_TYPE",
                            "HTTPS",
                            "QUERY_STRING",
                            "REMOTE_ADDR",
                            "REMOTE_HOST",
                            "REMOTE_IDENT",
                            "REMOTE_PORT",
                            "REMOTE_USER",
                            "REQUEST_METHOD",
                            "REQUEST_SCHEME",
                            "REQUEST_URI",
                            "SERVER_ADDR",
                            "SERVER_NAME",
                            "SERVER_PORT",
                            "SERVER_PROTOCOL" -> true;
                    default -> name.startsWith("SSL_") || name.startsWith("HTTPS_");
                };
    }

    /** Values hold a byte a char; the system encodes names and values as UTF-8. */
    private static String text(String value) {
        return new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
