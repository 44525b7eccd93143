package io.juwsgi.router.calls;

import io.juwsgi.spi.worker.WorkerCall;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A call that waits for its answer; only the first one counts. Any thread may answer. */
final class PendingCall implements WorkerCall {
    private static final int LONGEST_REASON = 1000;

    private final CallConnection connection;
    private final int id;
    private final int worker;
    private final List<byte[]> arguments;
    private final AtomicBoolean answered = new AtomicBoolean();

    PendingCall(CallConnection connection, int id, int worker, List<byte[]> arguments) {
        this.connection = connection;
        this.id = id;
        this.worker = worker;
        this.arguments = arguments;
    }

    @Override
    public List<byte[]> arguments() {
        return arguments;
    }

    @Override
    public int worker() {
        return worker;
    }

    @Override
    public void reply(byte[]... values) {
        if (answered.compareAndSet(false, true)) {
            connection.answer(this, id, false, values);
        }
    }

    @Override
    public void fail(String message) {
        if (answered.compareAndSet(false, true)) {
            byte[] why = message.replace('\n', ' ').getBytes(StandardCharsets.UTF_8);
            byte[] line = why.length > LONGEST_REASON ? Arrays.copyOf(why, LONGEST_REASON) : why;
            connection.answer(this, id, true, new byte[][] {line});
        }
    }
}
