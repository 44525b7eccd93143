package io.juwsgi.plugin.compress;

import io.juwsgi.spi.metric.MetricSink;
import io.juwsgi.spi.metric.MetricSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is compressed, and bounds how much of it there is at a time. Thread-safe. */
final class Meter implements MetricSource {
    /** A body that is being compressed takes about a megabyte; beyond these, responses stay as they are. */
    private static final int AT_A_TIME = 512;

    private final Semaphore free = new Semaphore(AT_A_TIME);
    private final LongAdder responses = new LongAdder();
    private final LongAdder in = new LongAdder();
    private final LongAdder out = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** Begins a body; false when there are too many. */
    boolean begin() {
        if (free.tryAcquire()) {
            responses.increment();
            return true;
        }
        refused.increment();
        return false;
    }

    void took(int bytes) {
        in.add(bytes);
    }

    void gave(int bytes) {
        out.add(bytes);
    }

    void ended() {
        free.release();
    }

    @Override
    public void metrics(MetricSink sink) {
        sink.counter("compress_responses", "Responses that were compressed.", responses.sum());
        sink.counter("compress_refused", "Responses that were not compressed because too many were.", refused.sum());
        sink.counter("compress_in_bytes", "Bytes of bodies before they were compressed.", in.sum());
        sink.counter("compress_out_bytes", "Bytes of compressed bodies.", out.sum());
    }
}
