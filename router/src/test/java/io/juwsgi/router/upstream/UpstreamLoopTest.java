package io.juwsgi.router.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.balance.Selection;
import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What one event loop knows of an upstream. */
class UpstreamLoopTest {

    private static final class Listening implements Balancer {
        private List<Endpoint> told = List.of();

        @Override
        public void endpoints(List<Endpoint> endpoints) {
            told = endpoints;
        }

        @Override
        public Endpoint choose(Selection selection) {
            return told.getFirst();
        }
    }

    /** A member that the router knows of and the balancer does not would be nobody for requests. */
    @Test
    void theBalancerKnowsTheMembersBeforeTheLoopIsTold() throws Exception {
        DefaultEventLoop busy = new DefaultEventLoop();
        CountDownLatch done = new CountDownLatch(1);
        try {
            busy.execute(() -> {
                try {
                    done.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            List<Listening> balancers = new ArrayList<>();
            UpstreamConfig.Definition one = UpstreamConfig.single("http://127.0.0.1:1");
            Upstream upstream = new Upstream(
                    "app",
                    one.settings(),
                    new Locality(""),
                    random -> {
                        balancers.add(new Listening());
                        return balancers.getLast();
                    },
                    null,
                    null,
                    new UpstreamTls("app", one.settings(), one.servers(), destination -> {
                        throw new AssertionError("nothing is encrypted");
                    }),
                    List.of(busy));
            ServerSpec server = one.servers().getFirst();
            UpstreamEndpoint member = upstream.endpoint(EndpointAddress.parse("127.0.0.1:1"), server, server);
            upstream.endpoints(List.of(member));
            assertThat(upstream.loop(busy).members()).containsExactly(member);
            assertThat(balancers.getFirst().told).containsExactly(member);
        } finally {
            done.countDown();
            busy.shutdownGracefully().syncUninterruptibly();
        }
    }
}
