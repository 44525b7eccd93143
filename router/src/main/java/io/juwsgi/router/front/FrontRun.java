package io.juwsgi.router.front;

import io.juwsgi.router.exchange.Limits;
import io.juwsgi.router.exchange.Peer;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.front.FrontAnswer;
import io.juwsgi.spi.front.FrontConnection;
import io.juwsgi.spi.front.FrontRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection as its front sees it, and the run of the front on it. Owned by the front's thread, but for its flags. */
final class FrontRun implements FrontConnection, Runnable {
    private final PluggedConnection connection;
    private final PluggedFront plugged;
    private final ConnectionInput input;
    private final ConnectionOutput output;
    private @Nullable Answer open;
    private @Nullable Thread thread;
    private volatile boolean last;
    private volatile boolean draining;
    private volatile boolean gone;

    FrontRun(PluggedConnection connection, PluggedFront plugged, ConnectionOutput output) {
        this.connection = connection;
        this.plugged = plugged;
        this.output = output;
        this.input = new ConnectionInput(() -> onLoop(connection::readOn), this::flushOwn);
    }

    // ---- on the event loop

    void lastOne() {
        last = true;
    }

    boolean isLast() {
        return last;
    }

    void draining() {
        draining = true;
    }

    void goneNow() {
        gone = true;
    }

    // ---- on the front's thread

    private void onLoop(Runnable task) {
        connection.loop().eventLoop().execute(task);
    }

    /** Only the thread that writes sends what it wrote: another one may be reading a body. */
    private void flushOwn() throws IOException {
        if (Thread.currentThread().equals(thread)) {
            output.flush();
        }
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        try {
            plugged.front().serve(this);
            output.flush();
            closeAnswer();
            boolean unread = input.available() > 0 || last;
            onLoop(() -> connection.served(unread));
        } catch (Exception | Error e) {
            report(e);
            closeAnswer();
            onLoop(connection::failed);
        }
    }

    private void closeAnswer() {
        Answer left = open;
        if (left != null) {
            left.close();
        }
    }

    private void report(Throwable e) {
        String from = peer().map(p -> " from " + p).orElse("");
        if (knownElsewhere(e)) {
            plugged.notToBlame(from, e);
        } else if (e instanceof IOException) {
            plugged.failed(from, e);
        } else {
            plugged.threw(from, e);
        }
    }

    /** Returns whether it is the client's matter, or that of an answer whose line in the access log says why it was cut off. */
    private boolean knownElsewhere(Throwable e) {
        return e instanceof IOException
                && (gone
                        || input.failed()
                        || e instanceof ProtocolException
                        || e instanceof EOFException
                        || e instanceof CutOffException);
    }

    @Override
    public String listener() {
        return connection.front().listener();
    }

    @Override
    public Optional<InetSocketAddress> peer() {
        Peer.Ends ends = connection.channel().attr(Peer.SPOKEN_FOR).get();
        return ends != null
                ? Optional.of(ends.client())
                : internet(connection.channel().remoteAddress());
    }

    @Override
    public Optional<InetSocketAddress> local() {
        Peer.Ends ends = connection.channel().attr(Peer.SPOKEN_FOR).get();
        return ends != null
                ? Optional.of(ends.server())
                : internet(connection.channel().localAddress());
    }

    private static Optional<InetSocketAddress> internet(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress found ? Optional.of(found) : Optional.empty();
    }

    @Override
    public int headLimit() {
        return connection.front().limits().headBytes();
    }

    @Override
    public boolean awaitRequest() throws IOException {
        output.flush();
        return !last && input.await();
    }

    @Override
    public boolean closing() {
        return last || draining || connection.front().limits().keepAliveMillis() == 0;
    }

    @Override
    public ConnectionInput input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public FrontAnswer submit(FrontRequest request, InputStream body) throws IOException {
        prepare("submit");
        byte[] gathered = gather(request.length(), body);
        long rest = request.length() < 0 ? -1 : request.length() - gathered.length;
        AnswerQueue queue = new AnswerQueue(() -> onLoop(connection::answerTaken));
        BodyPump pump = new BodyPump(
                body,
                rest,
                connection.front().limits().bodyBytes(),
                connection.loop().eventLoop(),
                connection::delivered);
        return answer(queue, pump, () -> connection.begin(request, gathered, pump, queue));
    }

    @Override
    public FrontAnswer refuse(Failure failure) throws IOException {
        prepare("refuse");
        last = true;
        AnswerQueue queue = new AnswerQueue(() -> onLoop(connection::answerTaken));
        BodyPump none = new BodyPump(
                InputStream.nullInputStream(), 0, 0, connection.loop().eventLoop(), connection::delivered);
        return answer(queue, none, () -> connection.refuse(failure, queue));
    }

    private void prepare(String step) throws IOException {
        if (open != null) {
            throw new IllegalStateException(step + ": the last answer is not closed");
        }
        output.flush();
    }

    private Answer answer(AnswerQueue queue, BodyPump pump, Runnable exchange) throws IOException {
        Answer answer = new Answer(queue, pump);
        open = answer;
        onLoop(exchange);
        answer.head = queue.awaitHead();
        return answer;
    }

    /** Bodies that are small are there whole before an application hears of them, so that a slow client holds no worker. */
    private byte[] gather(long length, InputStream body) throws IOException {
        if (length <= 0 || length > connection.front().limits().bodyBytes()) {
            return new byte[0];
        }
        onLoop(connection::gathering);
        int wanted = (int) Math.min(length, Limits.BUFFERED_BODY);
        byte[] gathered = body.readNBytes(wanted);
        if (gathered.length < wanted) {
            throw new EOFException("the request body is not complete");
        }
        return gathered;
    }

    /** One answer. Owned by the front's thread. */
    private final class Answer implements FrontAnswer {
        private final AnswerQueue queue;
        private final BodyPump pump;
        private final InputStream body;
        private @Nullable Response head;
        private boolean closed;

        Answer(AnswerQueue queue, BodyPump pump) {
            this.queue = queue;
            this.pump = pump;
            this.body = new AnswerBody(queue, output);
        }

        @Override
        public Response head() {
            return Objects.requireNonNull(head);
        }

        @Override
        public long length() {
            return queue.length();
        }

        @Override
        public InputStream body() {
            return body;
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            open = null;
            boolean whole = queue.drop();
            boolean reusable = pump.finish() && whole;
            if (!reusable) {
                last = true;
            }
            onLoop(() -> connection.answerClosed(reusable));
        }
    }
}
