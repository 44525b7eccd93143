package io.juwsgi.router.chain;

import io.juwsgi.router.chain.ChainPlan.FilterPart;
import io.juwsgi.spi.exchange.Account;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.ResponseSink;
import java.util.ArrayList;
import java.util.List;
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

/** An exchange through a chain of filters that only pass it on, in and out again. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChainBench {
    @Param({"0", "1", "10"})
    public int filters;

    private final Counting handler = new Counting();
    private final Chains chains = new Chains(request -> handler);
    private final Empty exchange = new Empty();

    /** Makes the chain. */
    @Setup
    public void compile() {
        List<FilterPart> parts = new ArrayList<>();
        for (int i = 0; i < filters; i++) {
            parts.add(new FilterPart("f" + i, Phase.EARLY, new Passing()));
        }
        chains.swap(new ChainPlan(parts, List.of(), () -> {}));
    }

    /** From the front's call to the end of the exchange. */
    @Benchmark
    public int exchange() {
        chains.handlerFor(exchange.request()).handle(exchange);
        exchange.over();
        return handler.seen;
    }

    private static final class Passing implements Filter {
        @Override
        public void handle(Exchange exchange, Handler next) {
            next.handle(exchange);
        }
    }

    private static final class Counting implements Handler {
        private int seen;

        @Override
        public void handle(Exchange exchange) {
            seen++;
        }
    }

    /** An exchange that is nothing but its end. */
    private static final class Empty implements Exchange {
        private final Account account = new Account();
        private final Nothing nothing = new Nothing();
        private Runnable listener = () -> {};

        void over() {
            listener.run();
            listener = () -> {};
        }

        @Override
        public String id() {
            return "0000000000000000";
        }

        @Override
        public Request request() {
            return nothing;
        }

        @Override
        public RequestBody body() {
            return nothing;
        }

        @Override
        public ResponseSink response() {
            return nothing;
        }

        @Override
        public Executor eventLoop() {
            return Runnable::run;
        }

        @Override
        public void fail(Failure failure) {
            throw new AssertionError(failure.toString());
        }

        @Override
        public boolean ended() {
            return false;
        }

        @Override
        public void onEnd(Runnable listener) {
            this.listener = listener;
        }

        @Override
        public Account account() {
            return account;
        }
    }
}
