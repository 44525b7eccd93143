package io.juwsgi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.juwsgi.testkit.TestChain;
import io.juwsgi.testkit.TestExchange;
import org.junit.jupiter.api.Test;

/** What the server relies on in Java applications that are called on event loops. */
public abstract class AsyncHandlerContract extends HandlerContract {
    /** How much may be on its way to a client that takes nothing, in bytes. */
    private static final int MOST = 4 * 1024 * 1024;

    /** For subclasses. */
    protected AsyncHandlerContract() {}

    /** It returns from the call at once, whatever it waits for. */
    @Test
    public void theEventLoopIsNotBlocked() throws Exception {
        try (TestChain chain = chain()) {
            chain.begin(chain.exchange(requests().getFirst())).awaitEnd();
        }
    }

    /** What a slow client does not take is not sent on and on. */
    @Test
    public void aSlowClientIsWaitedFor() throws Exception {
        try (TestChain chain = chain()) {
            TestExchange exchange = chain.exchange(requests().getFirst());
            exchange.writable(false);
            chain.begin(exchange);
            assertTrue(exchange.size() <= MOST, "a client that takes nothing was sent " + exchange.size() + " bytes");
            exchange.writable(true);
            exchange.awaitEnd();
            chain.settle();
        }
    }
}
