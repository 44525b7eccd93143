package io.juwsgi.router.worker;

import io.juwsgi.spi.exchange.Account;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.ResponseSink;
import java.lang.reflect.Proxy;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One decision of dispatch with 64 requests under way: a request in, the oldest answer out. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class DispatchBench {
    private static final int UNDER_WAY = 64;

    /** Processes of two threads each. */
    @Param({"4", "64"})
    int workers;

    /** The application's time for a request: fast ones are packed, slow ones spread. */
    @Param({"20", "20000"})
    int micros;

    private final Dispatcher dispatcher = new Dispatcher(System::nanoTime, delay -> {});
    private final java.util.ArrayDeque<Call> order = new java.util.ArrayDeque<>();
    private final Idle exchange = new Idle();
    private int ids;

    /** A core's wire that leads nowhere. */
    private final class Wire implements Core.Wire {
        @Override
        public void transmit(Call call) {
            order.add(call);
        }

        @Override
        public boolean recall() {
            return false;
        }

        @Override
        public void abandoned(Call call) {
            // Nobody goes away here.
        }
    }

    @Setup
    public void start() {
        for (int w = 1; w <= workers; w++) {
            Load load = new Load();
            for (int i = 0; i < 1000; i++) {
                load.answered(micros);
            }
            for (int c = 0; c < 2; c++) {
                Core core = new Core(w, c, load, new Wire());
                core.open(true);
                dispatcher.join(core);
            }
        }
        for (int i = 0; i < UNDER_WAY; i++) {
            add();
        }
    }

    private void add() {
        dispatcher.add(new Call(exchange, ++ids, call -> {}));
    }

    @Benchmark
    public int requestAndAnswer() {
        add();
        Call call = order.remove();
        Core core = call.core();
        call.done();
        if (core != null) {
            dispatcher.answered(core, micros);
            dispatcher.dispatch();
        }
        return dispatcher.waiting();
    }

    /** A GET without anything behind it. */
    private static final class Idle implements Exchange, RequestBody {
        private final Request request = (Request) Proxy.newProxyInstance(
                Request.class.getClassLoader(), new Class<?>[] {Request.class}, (proxy, method, arguments) -> "GET");

        @Override
        public String id() {
            return "";
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
            throw new UnsupportedOperationException("response");
        }

        @Override
        public Executor eventLoop() {
            return Runnable::run;
        }

        @Override
        public void fail(Failure failure) {
            throw new IllegalStateException(failure.toString());
        }

        @Override
        public boolean ended() {
            return false;
        }

        @Override
        public void onEnd(Runnable listener) {
            // It never ends.
        }

        @Override
        public Account account() {
            throw new UnsupportedOperationException("account");
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
            // There is no data.
        }

        @Override
        public void resume() {
            // There is no data.
        }
    }
}
