package io.juwsgi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.juwsgi.testkit.TestChain;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the server relies on in Java applications, blocking ones and others. */
public abstract class HandlerContract extends PluginContract {
    private static final int MANY = 50;

    /** For subclasses. */
    protected HandlerContract() {}

    /** Returns at least one request that the handler answers, with its mount point in the path. */
    protected abstract List<TestRequest> requests();

    /** Starts the plugin in a chain. */
    protected final TestChain chain() throws Exception {
        return TestChain.of(plugin(), arguments());
    }

    private static void answered(TestChain chain, TestExchange exchange) {
        exchange.awaitEnd();
        chain.settle();
        String what = exchange.request().method() + " " + exchange.request().target();
        assertNull(exchange.failure(), what);
        assertTrue(exchange.complete(), what);
        assertTrue(exchange.status() >= 200 && exchange.status() <= 599, what + ": " + exchange.status());
        assertEquals(List.of(), chain.asked(), what + " was left to the application");
    }

    /** Typical requests get a whole answer. */
    @Test
    public void everyRequestIsAnswered() throws Exception {
        try (TestChain chain = chain()) {
            for (TestRequest request : requests()) {
                answered(chain, chain.send(request));
            }
        }
    }

    /** Whatever a client asks is answered, if with a 4xx: an exception is for what is broken in the server. */
    @Test
    public void oddRequestsAreAnswered() throws Exception {
        try (TestChain chain = chain()) {
            String path = requests().getFirst().target();
            for (String method : List.of("HEAD", "OPTIONS", "BREW", "DELETE")) {
                answered(chain, chain.send(TestRequest.of(method, path)));
            }
            for (String odd :
                    List.of("/", "/%00%ff", "//..", "/" + "x".repeat(4000), "?a=%zz&&=&", "/a?" + "b".repeat(4000))) {
                answered(chain, chain.send(TestRequest.get(withoutQuery(path) + odd)));
            }
        }
    }

    private static String withoutQuery(String target) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** A body that the handler has no use for is no fault. */
    @Test
    public void aBodyMayComeWithAnyRequest() throws Exception {
        try (TestChain chain = chain()) {
            for (TestRequest request : requests()) {
                answered(chain, chain.send(chain.exchange(request).body(new byte[200_000])));
            }
        }
    }

    /** One handler object serves all exchanges. */
    @Test
    public void manyExchangesUseItAtATime() throws Exception {
        try (TestChain chain = chain()) {
            List<TestExchange> all = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                requests().forEach(request -> all.add(chain.exchange(request)));
            }
            all.forEach(chain::enter);
            all.forEach(exchange -> answered(chain, exchange));
        }
    }

    /** After a client that went away the next one is answered. */
    @Test
    public void aClientThatGoesAwayHurtsNobody() throws Exception {
        try (TestChain chain = chain()) {
            TestRequest request = requests().getFirst();
            TestExchange gone = chain.exchange(request);
            chain.enter(gone);
            gone.clientGone();
            gone.awaitEnd();
            chain.settle();
            answered(chain, chain.send(request));
        }
    }
}
