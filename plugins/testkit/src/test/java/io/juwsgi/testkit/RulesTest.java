package io.juwsgi.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.extension.Extension;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a test is told of a plugin that breaks the rules. */
class RulesTest {

    /** A plugin with one filter, on with {@code --rude}. */
    private record Rude(Filter filter) implements Plugin {
        @Doc("be rude")
        record Settings(@Doc("how much") @Default("1") int degree) {}

        @Override
        public String name() {
            return "rude";
        }

        @Override
        public void register(Extensions extensions) {
            extensions.filter(Phase.ACCESS, new Extension<>("rude", Settings.class, (settings, context) -> filter));
        }
    }

    private static void told(Filter filter, String message) throws Exception {
        try (TestChain chain = TestChain.of(new Rude(filter), "--rude")) {
            assertThatThrownBy(() -> chain.get("/"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void callsInTheWrongOrder() throws Exception {
        told(
                (exchange, next) -> {
                    exchange.response().data(Chunk.of(new byte[1]));
                    exchange.response().end();
                },
                "response().data was called before response().head");
        told((exchange, next) -> exchange.response().end(), "response().end was called before response().head");
        told(
                (exchange, next) -> {
                    exchange.response().head(new Response(200, "", Fields.of()));
                    next.handle(exchange);
                },
                "response().head was called twice");
        told(
                (exchange, next) -> {
                    exchange.response().head(new Response(100, "", Fields.of()));
                    exchange.response().end();
                },
                "response().head with status 100 (expected: 200 to 999)");
    }

    @Test
    void aCallOnAnotherThread() throws Exception {
        told(
                (exchange, next) -> Thread.ofPlatform()
                        .name("elsewhere")
                        .start(() -> exchange.fail(Failure.gateway(500, "x", "y"))),
                "fail was called on thread elsewhere (expected: the exchange's event loop)");
    }

    @Test
    void anException() throws Exception {
        told(
                (exchange, next) -> {
                    throw new IllegalStateException("rude");
                },
                "the plugin threw java.lang.IllegalStateException: rude");
    }

    @Test
    void chunksThatAreReleasedTwiceOrNever() {
        TestExchange exchange = TestExchange.of(TestRequest.post("/")).body("hello");
        exchange.body().read(new RequestBody.Receiver() {
            @Override
            public void data(Chunk chunk) {
                assertThat(exchange.heldChunks()).isOne();
                chunk.release();
                chunk.release();
                chunk.bytes();
            }

            @Override
            public void end() {
                exchange.response().head(new Response(204, "", Fields.of()));
                exchange.response().end();
            }

            @Override
            public void failed(Failure failure) {
                throw new AssertionError(failure);
            }
        });
        assertThat(exchange.heldChunks()).isZero();
        assertThat(exchange.violations())
                .containsExactly("a chunk was released twice", "a chunk was read after its release");
    }

    @Test
    void aReloadMakesNewComponentsAndKeepsWhatIsCarried() throws Exception {
        Plugin counting = new Plugin() {
            record Settings(@Default("1") int step) {}

            @Override
            public String name() {
                return "counting";
            }

            @Override
            public void register(Extensions extensions) {
                extensions.filter(
                        Phase.LOG, new Extension<>("counting", Settings.class, (settings, context) -> new Filter() {
                            private final AtomicInteger count =
                                    context.carried(AtomicInteger.class, AtomicInteger::new);

                            @Override
                            public void start() {
                                count.addAndGet(settings.step());
                            }

                            @Override
                            public void close() {
                                assertThat(count.get()).isEqualTo(11);
                            }

                            @Override
                            public void handle(Exchange exchange, Handler next) {
                                next.handle(exchange);
                            }
                        }));
            }
        };
        try (PluginUnderTest plugin = PluginUnderTest.of(counting).start("--counting")) {
            plugin.reload("--counting-step", "10");
        }
    }
}
