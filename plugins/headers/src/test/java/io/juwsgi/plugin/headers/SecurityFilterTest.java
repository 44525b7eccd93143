package io.juwsgi.plugin.headers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.plugin.headers.SecuritySettings.FrameOptions;
import io.juwsgi.spi.exchange.Account;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** What the security preset adds to a head, and what settings are refused. */
class SecurityFilterTest {
    private static final SecuritySettings USUAL =
            new SecuritySettings(Duration.ofDays(365), true, FrameOptions.SAMEORIGIN, "no-referrer");

    @Test
    void hstsIsSentOverHttpsOnly() {
        assertThat(filtered("https", Fields.of()).first("Strict-Transport-Security"))
                .isEqualTo("max-age=31536000; includeSubDomains");
        assertThat(filtered("http", Fields.of()).contains("Strict-Transport-Security"))
                .isFalse();
    }

    @Test
    void whatTheApplicationSaysItselfStays() {
        Fields fields = filtered("https", Fields.of("x-frame-options", "DENY"));
        assertThat(fields.all("X-Frame-Options")).containsExactly("DENY");
        assertThat(fields.all("X-Content-Type-Options")).containsExactly("nosniff");
    }

    @Test
    void aFieldThatWouldSplitTheResponseIsRefused() {
        assertThatThrownBy(() -> new HeaderSettings(List.of("A: b\r\nSet-Cookie: x"), List.of(), List.of()))
                .hasMessageStartingWith("set: ")
                .hasMessageEndingWith("(expected: a value of printable ASCII)");
        assertThatThrownBy(() -> new HeaderSettings(List.of(), List.of("A b: c"), List.of()))
                .hasMessage("add: A b (expected: the name of a header field)");
    }

    private static Fields filtered(String scheme, Fields fields) {
        new SecurityFilter(USUAL)
                .handle(new OneExchange(scheme), exchange -> exchange.response().head(new Response(200, "OK", fields)));
        return fields;
    }

    /** An exchange of a given scheme whose response goes nowhere. */
    private record OneExchange(String scheme) implements Exchange, Request, ResponseSink {
        @Override
        public String id() {
            return "0000000000000000";
        }

        @Override
        public Request request() {
            return this;
        }

        @Override
        public RequestBody body() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Exchange withResponse(ResponseSink response) {
            return new io.juwsgi.spi.exchange.ForwardingExchange(this) {
                @Override
                public ResponseSink response() {
                    return response;
                }
            };
        }

        @Override
        public ResponseSink response() {
            return this;
        }

        @Override
        public Executor eventLoop() {
            return Runnable::run;
        }

        @Override
        public void fail(Failure failure) {
            throw new AssertionError(failure);
        }

        @Override
        public boolean ended() {
            return false;
        }

        @Override
        public void onEnd(Runnable listener) {}

        @Override
        public Account account() {
            return new Account();
        }

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
        public String host() {
            return "example.org";
        }

        @Override
        public Fields fields() {
            return Fields.of();
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
}
