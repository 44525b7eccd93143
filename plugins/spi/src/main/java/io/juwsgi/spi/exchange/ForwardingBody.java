package io.juwsgi.spi.exchange;

/** A request body that passes every call on to another one; to be extended. Owned by the exchange's event loop. */
public abstract class ForwardingBody implements RequestBody {
    private final RequestBody body;

    /** Passes calls on to {@code body}. */
    protected ForwardingBody(RequestBody body) {
        this.body = body;
    }

    @Override
    public long length() {
        return body.length();
    }

    @Override
    public void read(Receiver receiver) {
        body.read(receiver);
    }

    @Override
    public Fields trailers() {
        return body.trailers();
    }

    @Override
    public void pause() {
        body.pause();
    }

    @Override
    public void resume() {
        body.resume();
    }
}
