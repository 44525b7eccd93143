package io.juwsgi.router.http2;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.juwsgi.router.exchange.BadRequestException;
import io.juwsgi.router.exchange.ErrorPages;
import io.juwsgi.router.exchange.ForwardedTrust;
import io.juwsgi.router.exchange.Front;
import io.juwsgi.router.exchange.Limits;
import io.juwsgi.router.exchange.MinimumRate;
import io.juwsgi.router.exchange.Modifiers;
import io.juwsgi.router.exchange.Peer;
import io.juwsgi.router.exchange.TrafficCounters;
import io.juwsgi.router.exchange.WebSocketLimits;
import io.juwsgi.router.exchange.WebSocketLimits.Deflate;
import io.juwsgi.spi.exchange.Fields;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Fields of any kind, as HPACK brings them: a head and what comes behind a body are refused or valid, and nothing else. */
final class RequestHeadersFuzzTest {
    private static final Peer PEER = new Peer("192.0.2.1", "1", "80", null, null);

    private static final ForwardedTrust NOBODY = new ForwardedTrust() {
        @Override
        public Peer peer(Peer peer, Fields fields) {
            return peer;
        }

        @Override
        public boolean trusts(Peer peer) {
            return false;
        }

        @Override
        public @Nullable String host(Peer peer, Fields fields) {
            return null;
        }
    };

    private static final MinimumRate NO_RATE = new MinimumRate(0, 0);
    private static final WebSocketLimits WEB_SOCKETS = new WebSocketLimits(1024, 1000, 1000, Deflate.OFF, 0);

    private static final Front FRONT = new Front(
            "http",
            new Limits(4096, 1024, 32, 1 << 20, 1000, 1000, NO_RATE, NO_RATE, WEB_SOCKETS),
            request -> exchange -> {},
            (exchange, loop) -> {},
            new TrafficCounters(),
            "localhost",
            Modifiers.NONE,
            NOBODY,
            ErrorPages.PLAIN);

    /** Lines of {@code name=value}. */
    private static Http2Headers fields(byte[] bytes) {
        Http2Headers fields = new DefaultHttp2Headers(false);
        for (String line : new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            int at = line.indexOf('=');
            if (at >= 0) {
                fields.add(line.substring(0, at), line.substring(at + 1));
            }
        }
        return fields;
    }

    @FuzzTest(maxDuration = "30s")
    void headsAreRefusedOrValid(byte[] bytes) {
        try {
            RequestHeaders head = RequestHeaders.read(fields(bytes), bytes.length % 2 == 0, FRONT, PEER);
            assertThat(head.request().path()).matches("(?s)[/*].*").doesNotContain("\0");
            assertThat(head.request().path() + "/").doesNotContain("/../", "/./");
            assertThat(head.request().method()).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}");
            assertThat(head.request().fields().all("host")).hasSize(1);
            assertThat(head.request().fields().all("content-length").size()).isLessThanOrEqualTo(1);
            check(head.request().fields());
        } catch (BadRequestException e) {
            assertThat(e.failure().status()).isBetween(400, 599);
        }
    }

    @FuzzTest(maxDuration = "30s")
    void whatComesBehindABodyIsRefusedOrValid(byte[] bytes) {
        try {
            Fields trailers = RequestHeaders.trailers(fields(bytes), FRONT.limits());
            assertThat(trailers.size()).isLessThanOrEqualTo(FRONT.limits().fieldCount());
            check(trailers);
        } catch (BadRequestException e) {
            assertThat(e.failure().status()).isBetween(400, 599);
        }
    }

    private static void check(Fields fields) {
        for (int i = 0; i < fields.size(); i++) {
            assertThat(fields.name(i)).matches("[!#$%&'*+.^`|~0-9A-Za-z-]+").isNotEqualTo("transfer-encoding");
            assertThat(fields.value(i)).doesNotContainPattern("[\\x00-\\x08\\x0a-\\x1f\\x7f]");
        }
    }
}
