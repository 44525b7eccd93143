package io.juwsgi.plugin.routing;

import io.juwsgi.spi.exchange.Account;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** An exchange without a client: what would be sent is noted. Used by one thread. */
final class DryExchange implements Exchange, ResponseSink, RequestBody {
    private final Request request;
    private final Account account = new Account();
    private final List<Runnable> listeners = new ArrayList<>();
    private final List<Response> interims = new ArrayList<>();
    private @Nullable Response head;
    private Fields behind = new Fields(0);
    private @Nullable Failure failure;
    private boolean over;

    DryExchange(Request request) {
        this.request = request;
    }

    /** Returns what the client would get. */
    String outcome() {
        Failure failed = failure;
        if (failed != null) {
            return "the client gets " + failed.status() + ", because " + failed.why();
        }
        Response sent = head;
        if (sent == null) {
            return "the client gets nothing";
        }
        StringBuilder text = new StringBuilder("the client gets ");
        for (Response interim : interims) {
            describe(interim, text);
            text.append("; then ");
        }
        describe(sent, text);
        if (behind.size() > 0) {
            text.append("; behind the body");
            fields(behind, text);
        }
        return text.toString();
    }

    private static void describe(Response head, StringBuilder text) {
        text.append(head.status()).append(' ').append(head.reason());
        fields(head.fields(), text);
    }

    private static void fields(Fields fields, StringBuilder text) {
        for (int i = 0; i < fields.size(); i++) {
            text.append(", ").append(fields.name(i)).append(": ").append(fields.value(i));
        }
    }

    private void finish() {
        if (!over) {
            over = true;
            listeners.forEach(Runnable::run);
        }
    }

    @Override
    public String id() {
        return "0000000000000000";
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public RequestBody body() {
        return this;
    }

    @Override
    public ResponseSink response() {
        return this;
    }

    @Override
    public Executor eventLoop() {
        return Runnable::run;
    }

    @Override
    public void fail(Failure why) {
        failure = why;
        finish();
    }

    @Override
    public boolean ended() {
        return over;
    }

    @Override
    public void onEnd(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public Account account() {
        return account;
    }

    @Override
    public void head(Response given) {
        head = given;
    }

    @Override
    public void interim(Response given) {
        interims.add(given);
    }

    @Override
    public void trailers(Fields given) {
        behind = given;
    }

    @Override
    public void data(Chunk chunk) {
        chunk.release();
    }

    @Override
    public void file(FileRegion region) {
        region.close();
    }

    @Override
    public void end() {
        finish();
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void onWritable(Runnable listener) {
        // It always is.
    }

    @Override
    public long length() {
        return 0;
    }

    @Override
    public void read(Receiver receiver) {
        receiver.end();
    }

    @Override
    public void pause() {
        // Nothing comes.
    }

    @Override
    public void resume() {
        // Nothing comes.
    }
}
