package io.juwsgi.router.upstream.codec;

import io.juwsgi.spi.exchange.Request.VariableSink;

/** A request as variables for a server that runs scripts (RFC 3875 section 4.1). */
final class CgiVariables {
    private CgiVariables() {}

    static void give(Outgoing outgoing, VariableSink sink) {
        CgiScript.Split split = outgoing.script().split(outgoing.request());
        sink.variable("GATEWAY_INTERFACE", "CGI/1.1");
        sink.variable("SERVER_SOFTWARE", "juwsgi");
        // PHP as a CGI program refuses to work without it.
        sink.variable("REDIRECT_STATUS", "200");
        sink.variable("SCRIPT_NAME", split.name());
        sink.variable("PATH_INFO", split.rest());
        if (!outgoing.script().root().isEmpty()) {
            sink.variable("DOCUMENT_ROOT", outgoing.script().root());
            sink.variable("SCRIPT_FILENAME", outgoing.script().root() + split.name());
        }
        new Variables(outgoing).give((name, value) -> {
            if (!isOurs(name)) {
                sink.variable(name, value);
            }
        });
    }

    private static boolean isOurs(String name) {
        return switch (name) {
            case "GATEWAY_INTERFACE",
                    "SERVER_SOFTWARE",
                    "REDIRECT_STATUS",
                    "SCRIPT_NAME",
                    "PATH_INFO",
                    "DOCUMENT_ROOT",
                    "SCRIPT_FILENAME" -> true;
            default -> false;
        };
    }
}
