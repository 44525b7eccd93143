package io.juwsgi.router.chain;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.ForwardingExchange;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;

/**
 * An exchange that a filter derived, as the rest of the chain sees it: what the filter's sink throws ends the exchange
 * with 500, and does not come out at the handler, which has nothing to do with it. Owned by the exchange's event loop.
 */
final class GuardedExchange extends ForwardingExchange implements ResponseSink {
    private final Conduct conduct;
    private final ResponseSink sink;
    private final RequestBody body;
    private boolean broken;

    GuardedExchange(Exchange exchange, Conduct conduct) {
        super(exchange);
        this.conduct = conduct;
        this.sink = exchange.response();
        this.body = exchange.body();
    }

    @Override
    public ResponseSink response() {
        return this;
    }

    @Override
    public RequestBody body() {
        return body;
    }

    private void broke(Throwable thrown) {
        broken = true;
        conduct.threw(this, thrown);
    }

    @Override
    public void head(Response head) {
        if (!broken) {
            try {
                sink.head(head);
            } catch (RuntimeException | Error e) {
                broke(e);
            }
        }
    }

    @Override
    public void interim(Response head) {
        if (!broken) {
            try {
                sink.interim(head);
            } catch (RuntimeException | Error e) {
                broke(e);
            }
        }
    }

    @Override
    public void data(Chunk chunk) {
        if (broken) {
            chunk.release();
            return;
        }
        try {
            sink.data(chunk);
        } catch (RuntimeException | Error e) {
            broke(e);
        }
    }

    @Override
    public void file(FileRegion region) {
        if (broken) {
            region.close();
            return;
        }
        try {
            sink.file(region);
        } catch (RuntimeException | Error e) {
            broke(e);
        }
    }

    @Override
    public void trailers(Fields trailers) {
        if (!broken) {
            try {
                sink.trailers(trailers);
            } catch (RuntimeException | Error e) {
                broke(e);
            }
        }
    }

    @Override
    public void end() {
        if (!broken) {
            try {
                sink.end();
            } catch (RuntimeException | Error e) {
                broke(e);
            }
        }
    }

    @Override
    public boolean writable() {
        if (broken) {
            return false;
        }
        try {
            return sink.writable();
        } catch (RuntimeException | Error e) {
            broke(e);
            return false;
        }
    }

    @Override
    public void onWritable(Runnable listener) {
        if (!broken) {
            try {
                sink.onWritable(listener);
            } catch (RuntimeException | Error e) {
                broke(e);
            }
        }
    }
}
