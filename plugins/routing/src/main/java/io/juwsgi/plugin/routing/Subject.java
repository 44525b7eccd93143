package io.juwsgi.plugin.routing;

/** The part of a request that a route's pattern is matched against. */
enum Subject {
    PATH("", "PATH_INFO"),
    HOST("-host", "HTTP_HOST"),
    URI("-uri", "REQUEST_URI"),
    QUERY("-qs", "QUERY_STRING"),
    REMOTE_ADDRESS("-remote-addr", "REMOTE_ADDR"),
    REMOTE_USER("-remote-user", "REMOTE_USER"),
    USER_AGENT("-user-agent", "HTTP_USER_AGENT"),
    REFERER("-referer", "HTTP_REFERER");

    private final String suffix;
    private final String variable;

    Subject(String suffix, String variable) {
        this.suffix = suffix;
        this.variable = variable;
    }

    /** Returns how its options end. */
    String suffix() {
        return suffix;
    }

    /** Returns the request variable that it is. */
    String variable() {
        return variable;
    }

    /** Returns its text; empty where there is none. */
    String of(RouteState state) {
        return switch (this) {
            case PATH -> state.request().path();
            case URI -> state.request().target();
            case QUERY -> state.request().query();
            case REMOTE_ADDRESS -> state.request().remoteAddress();
            default -> state.variable(variable);
        };
    }
}
