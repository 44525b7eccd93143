package io.juwsgi.testkit;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import io.juwsgi.spi.http.Trailers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Where a response goes in a test: it is kept. Owned by the exchange's event loop; what came may be read by any thread. */
final class RecordedResponse implements ResponseSink {
    private final Rules rules;
    private final Ending ending;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final CountDownLatch headSeen = new CountDownLatch(1);
    private volatile @Nullable Response head;
    private volatile Fields trailers = new Fields(0);
    private final List<Response> interims = new CopyOnWriteArrayList<>();
    private volatile boolean writable = true;
    private Runnable onWritable = () -> {};

    /** The exchange's end. */
    interface Ending {
        boolean ended();

        void complete();
    }

    RecordedResponse(Rules rules, Ending ending) {
        this.rules = rules;
        this.ending = ending;
    }

    @Override
    public void head(Response given) {
        rules.onLoop("response().head");
        if (ending.ended()) {
            return;
        }
        if (head != null) {
            rules.broken("response().head was called twice");
        } else if (given.status() < 200 || given.status() > 999) {
            rules.broken("response().head with status " + given.status() + " (expected: 200 to 999)");
        }
        head = given;
        headSeen.countDown();
    }

    @Override
    public void data(Chunk chunk) {
        rules.onLoop("response().data");
        if (takesBody("response().data")) {
            byte[] bytes = new byte[chunk.size()];
            chunk.bytes().get(bytes);
            body.writeBytes(bytes);
        }
        chunk.release();
    }

    @Override
    public void file(FileRegion region) {
        rules.onLoop("response().file");
        try {
            if (takesBody("response().file")) {
                ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(region.count()));
                for (int read = 0; bytes.hasRemaining() && read >= 0; ) {
                    read = region.channel().read(bytes, region.position() + bytes.position());
                }
                body.writeBytes(bytes.array());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            region.close();
        }
    }

    private boolean takesBody(String call) {
        if (ending.ended()) {
            return false;
        }
        if (head == null) {
            rules.broken(call + " was called before response().head");
        }
        return true;
    }

    @Override
    public void interim(Response given) {
        rules.onLoop("response().interim");
        if (ending.ended()) {
            return;
        }
        if (head != null || given.status() < 102 || given.status() > 199) {
            rules.broken(
                    "response().interim with status " + given.status() + " (expected: 102 to 199, before the head)");
        }
        interims.add(given);
    }

    @Override
    public void trailers(Fields given) {
        rules.onLoop("response().trailers");
        if (takesBody("response().trailers")) {
            trailers = Trailers.permitted(given);
        }
    }

    @Override
    public void end() {
        rules.onLoop("response().end");
        if (!ending.ended()) {
            if (head == null) {
                rules.broken("response().end was called before response().head");
            }
            ending.complete();
        }
    }

    @Override
    public boolean writable() {
        return writable;
    }

    @Override
    public void onWritable(Runnable listener) {
        rules.onLoop("response().onWritable");
        onWritable = listener;
    }

    void writable(boolean value) {
        boolean before = writable;
        writable = value;
        if (value && !before) {
            onWritable.run();
        }
    }

    CountDownLatch headSeen() {
        return headSeen;
    }

    @Nullable
    Response head() {
        return head;
    }

    Fields trailers() {
        return trailers;
    }

    List<Response> interims() {
        return List.copyOf(interims);
    }

    byte[] body() {
        return body.toByteArray();
    }

    int size() {
        return body.size();
    }
}
