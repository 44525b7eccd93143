package io.juwsgi.loadbalancer.check;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import io.juwsgi.protocol.fastcgi.FastCgiRequest;
import io.juwsgi.spi.balance.CheckTarget;
import java.io.IOException;

/**
 * Settings of the FastCGI health check.
 *
 * @param status the lowest and highest status of a good answer
 */
@Doc("ask endpoints by FastCGI whether they are well")
record FastCgiCheckSettings(
        @Default("200-399") @Doc("the lowest and highest status of a good answer")
        String status) {

    FastCgiCheckSettings {
        var _ = StatusRange.parse(status);
    }

    /** Asks for the path, which is the script as well, and looks at the status. */
    void check(CheckTarget target) throws IOException {
        int query = target.path().indexOf('?');
        String script = query < 0 ? target.path() : target.path().substring(0, query);
        byte[] request = new FastCgiRequest()
                .add("GATEWAY_INTERFACE", "CGI/1.1")
                .add("SERVER_PROTOCOL", "HTTP/1.1")
                .add("SERVER_SOFTWARE", "juwsgi")
                .add("SERVER_NAME", target.host())
                .add("SERVER_PORT", "80")
                .add("REMOTE_ADDR", "127.0.0.1")
                .add("REQUEST_METHOD", "GET")
                .add("REQUEST_URI", target.path())
                .add("SCRIPT_NAME", script)
                .add("SCRIPT_FILENAME", script)
                .add("QUERY_STRING", query < 0 ? "" : target.path().substring(query + 1))
                .add("CONTENT_LENGTH", "0")
                .add("HTTP_HOST", target.host())
                .add("HTTP_USER_AGENT", "juwsgi-health")
                .bytes(FastCgiAnswer.REQUEST_ID);
        try (Connection connection = Connection.to(target)) {
            connection.send(request);
            FastCgiAnswer answer = new FastCgiAnswer(connection::read);
            StatusRange.parse(status).require(answer.status(), answer.complaint());
        }
    }
}
