package io.juwsgi.testkit;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A TLS handshake in memory, with the JDK's client, which believes every certificate. Used on one thread. */
public final class TestHandshake {
    /** Turns after which two engines are taken to wait for each other. */
    private static final int MOST_TURNS = 200;

    private static final int ROOM = 64 * 1024;

    private final SSLEngine server;
    private final SSLEngine client;
    private final ByteBuffer toServer = ByteBuffer.allocate(ROOM);
    private final ByteBuffer toClient = ByteBuffer.allocate(ROOM);

    private TestHandshake(SSLEngine server, SSLEngine client) {
        this.server = server;
        this.client = client;
    }

    /**
     * Lets a client connect, and both sides finish, with one byte of data each way.
     *
     * @param server an engine that nobody has used
     * @param name the name that the client asks for
     * @param protocols the application protocols of the client, best first
     * @return the client's engine
     * @throws SSLException when one of them refuses the other
     */
    public static SSLEngine of(SSLEngine server, String name, String... protocols) throws SSLException {
        SSLEngine client = client(name, protocols);
        new TestHandshake(server, client).run();
        return client;
    }

    /** Does the same for callers that throw nothing. */
    public static SSLEngine unchecked(SSLEngine server, String name, String... protocols) {
        try {
            return of(server, name, protocols);
        } catch (SSLException e) {
            throw new AssertionError("the handshake failed", e);
        }
    }

    private static SSLEngine client(String name, String... protocols) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Believer()}, null);
            SSLEngine engine = context.createSSLEngine(name, 443);
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            parameters.setApplicationProtocols(protocols);
            engine.setSSLParameters(parameters);
            return engine;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("the JDK has no TLS", e);
        }
    }

    private void run() throws SSLException {
        server.setUseClientMode(false);
        client.beginHandshake();
        server.beginHandshake();
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            boolean said = turn(client, toServer, toClient);
            boolean answered = turn(server, toClient, toServer);
            if (!said && !answered && done(client) && done(server)) {
                oneByte(client, server);
                oneByte(server, client);
                return;
            }
        }
        throw new SSLException(
                "the handshake does not end: " + client.getHandshakeStatus() + " and " + server.getHandshakeStatus());
    }

    private static boolean done(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                || engine.getHandshakeStatus() == HandshakeStatus.FINISHED;
    }

    /** Lets an engine read what came and write what it has; returns whether it did either. */
    private static boolean turn(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
        tasks(engine);
        int before = in.position();
        in.flip();
        ByteBuffer plain = ByteBuffer.allocate(ROOM);
        int consumed;
        do {
            // Once without input too: some engines take note only then that they are done.
            consumed = engine.unwrap(in, plain).bytesConsumed();
            tasks(engine);
        } while (consumed > 0 && in.hasRemaining() && !engine.isInboundDone());
        in.compact();
        int produced = 0;
        while (!done(engine) && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            produced += engine.wrap(ByteBuffer.allocate(0), out).bytesProduced();
            tasks(engine);
        }
        return before > in.position() || produced > 0;
    }

    private static void tasks(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private void oneByte(SSLEngine from, SSLEngine to) throws SSLException {
        ByteBuffer wire = ByteBuffer.allocate(ROOM);
        ByteBuffer data = ByteBuffer.wrap(new byte[] {42});
        for (int turn = 0; data.hasRemaining() && turn < MOST_TURNS; turn++) {
            // What is left of the handshake, such as a session's ticket, goes first.
            from.wrap(data, wire);
        }
        wire.flip();
        ByteBuffer plain = ByteBuffer.allocate(ROOM);
        while (wire.hasRemaining()
                && plain.position() == 0
                && to.unwrap(wire, plain).bytesConsumed() > 0) {
            tasks(to);
        }
        if (plain.position() != 1 || plain.get(0) != 42) {
            throw new SSLException("a byte did not get through: " + plain);
        }
    }

    /** Trusts everybody: what is tested is the server's side. */
    private static final class Believer implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            throw new IllegalStateException("checked as if it were a server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // Believed.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
