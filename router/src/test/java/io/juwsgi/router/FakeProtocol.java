package io.juwsgi.router;

import java.util.Locale;

/** The protocols of upstream servers, spoken by hand, so that each wrong thing can be said in each of them. */
enum FakeProtocol {
    UWSGI,
    HTTP,
    H2C,
    FASTCGI,
    SCGI;

    /** A server's words on one connection. */
    @FunctionalInterface
    interface Script {
        void say(FakeConversation with) throws java.io.IOException, InterruptedException;
    }

    /** Starts a server that says the same on each connection. */
    FakeServer serve(Script script) {
        return new FakeServer(peer -> script.say(with(peer)));
    }

    /** Starts a server that answers each request with a text. */
    FakeServer serve(String text) {
        return serve(conversation -> conversation.answerAll(text));
    }

    FakeConversation with(FakeServer.Peer peer) {
        return switch (this) {
            case UWSGI -> new FakeConversation.Uwsgi(peer);
            case HTTP -> new FakeConversation.Http(peer);
            case H2C -> new FakeConversation.Http2(peer);
            case FASTCGI -> new FakeConversation.FastCgi(peer);
            case SCGI -> new FakeConversation.Scgi(peer);
        };
    }

    /** Returns a server's address as upstreams name it. */
    String address(FakeServer server) {
        return address(server.port());
    }

    String address(int port) {
        return name().toLowerCase(Locale.ROOT) + "://127.0.0.1:" + port;
    }
}
