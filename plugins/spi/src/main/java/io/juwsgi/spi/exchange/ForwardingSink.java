package io.juwsgi.spi.exchange;

/** A sink that passes every call on to another one; a filter extends it to change a response. Owned by the exchange's event loop. */
public abstract class ForwardingSink implements ResponseSink {
    private final ResponseSink sink;

    /** Passes calls on to {@code sink}. */
    protected ForwardingSink(ResponseSink sink) {
        this.sink = sink;
    }

    @Override
    public void head(Response head) {
        sink.head(head);
    }

    @Override
    public void interim(Response head) {
        sink.interim(head);
    }

    @Override
    public void data(Chunk chunk) {
        sink.data(chunk);
    }

    @Override
    public void file(FileRegion region) {
        sink.file(region);
    }

    @Override
    public void trailers(Fields trailers) {
        sink.trailers(trailers);
    }

    @Override
    public void end() {
        sink.end();
    }

    @Override
    public boolean writable() {
        return sink.writable();
    }

    @Override
    public void onWritable(Runnable listener) {
        sink.onWritable(listener);
    }
}
