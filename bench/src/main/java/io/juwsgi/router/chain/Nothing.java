package io.juwsgi.router.chain;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;

/** A request without content whose response goes nowhere. */
final class Nothing implements Request, RequestBody, ResponseSink {
    private final Fields fields = new Fields();

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String target() {
        return "/";
    }

    @Override
    public String path() {
        return "/";
    }

    @Override
    public String query() {
        return "";
    }

    @Override
    public String protocol() {
        return "HTTP/1.1";
    }

    @Override
    public String scheme() {
        return "http";
    }

    @Override
    public String host() {
        return "localhost";
    }

    @Override
    public Fields fields() {
        return fields;
    }

    @Override
    public String remoteAddress() {
        return "127.0.0.1";
    }

    @Override
    public int modifier1() {
        return 0;
    }

    @Override
    public int modifier2() {
        return 0;
    }

    @Override
    public void variables(VariableSink sink) {}

    @Override
    public long length() {
        return 0;
    }

    @Override
    public void read(Receiver receiver) {
        receiver.end();
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void head(Response head) {}

    @Override
    public void data(Chunk chunk) {}

    @Override
    public void file(FileRegion region) {}

    @Override
    public void end() {}

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void onWritable(Runnable listener) {}
}
