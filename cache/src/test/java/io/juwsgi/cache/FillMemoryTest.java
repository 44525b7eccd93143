package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cache.Site.Answer;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many large responses at a time, and what they take of the heap. */
class FillMemoryTest {
    private static final int PART = 8 * 1024;
    private static final int LENGTH = 15 * PART;

    private final Site site =
            new Site("--http-cache-size=10m", "--http-cache-max-entry=128k", "--http-cache-fill-size=256k");
    private final FillMemory memory = site.cache().fillMemory();

    private static void part(Exchange application) {
        application.response().data(Chunk.of(new byte[PART]));
    }

    /** A response that goes on as fast as it may. */
    private static final class Stream {
        private final Exchange application;
        private int sent;

        Stream(Exchange application) {
            this.application = application;
            application.response().head(new Response(200, "OK", Fields.of("Cache-Control", "max-age=60")));
            application.response().onWritable(this::go);
        }

        void go() {
            while (sent < LENGTH && application.response().writable()) {
                sent += PART;
                part(application);
            }
            if (sent == LENGTH) {
                sent++;
                application.response().end();
            }
        }
    }

    @Test
    void whatFindsNoRoomGoesAtThePaceOfItsClientAndIsNotStored() {
        List<Stream> streams = new ArrayList<>();
        site.application(exchange -> streams.add(new Stream(exchange)));
        List<TestExchange> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            TestExchange client = TestExchange.of(TestRequest.get("/" + i));
            client.writable(false);
            clients.add(client);
            site.send(client);
        }
        streams.forEach(Stream::go);
        // The rest has its first parts, which have come by the time that they are counted.
        assertThat(memory.used()).isBetween(256L * 1024, 256L * 1024 + 98L * 3 * PART);
        clients.forEach(client -> client.writable(true));
        assertThat(clients).allSatisfy(client -> {
            assertThat(client.complete()).isTrue();
            assertThat(client.size()).isEqualTo(LENGTH);
        });
        assertThat(memory.used()).isZero();
        assertThat(site.get("/0").hit()).isTrue();
        assertThat(site.get("/1").hit()).isTrue();
        site.answers(200, "");
        assertThat(site.get("/50").hit()).isFalse();
        assertThat(site.cache().control(List.of("stats")).get("crowded-out")).isEqualTo(98L);
    }

    @Test
    void whatIsWantedAgainLaterIsStoredThen() {
        List<Stream> streams = new ArrayList<>();
        site.application(exchange -> streams.add(new Stream(exchange)));
        memory.take(300 * 1024);
        Answer first = site.get("/");
        streams.getFirst().go();
        assertThat(first.exchange().complete()).isTrue();
        memory.give(300 * 1024);
        site.get("/");
        streams.getLast().go();
        assertThat(site.get("/").hit()).isTrue();
        assertThat(memory.used()).isZero();
    }

    @Test
    void whatNobodyReadsAndNothingKeepsIsGivenUp() {
        List<Exchange> held = new ArrayList<>();
        site.application(held::add);
        Answer answer = site.get("/");
        Exchange application = held.getFirst();
        application.response().head(new Response(200, "OK", Fields.of("Cache-Control", "max-age=60")));
        part(application);
        answer.exchange().clientGone();
        assertThat(application.ended()).isFalse();
        for (int i = 0; i < 16; i++) {
            part(application);
        }
        assertThat(application.ended()).isTrue();
        assertThat(memory.used()).isZero();
    }

    @Test
    void partsAreCountedToo() {
        memory.take(256 * 1024);
        site.answers(206, "ab", "Cache-Control", "max-age=60", "ETag", "\"1\"", "Content-Range", "bytes 0-1/4");
        assertThat(site.get("/", "Range", "bytes=0-1").text()).isEqualTo("ab");
        assertThat(site.get("/", "Range", "bytes=0-1").hit()).isFalse();
        memory.give(256 * 1024);
        site.get("/", "Range", "bytes=0-1");
        assertThat(site.get("/", "Range", "bytes=0-1").hit()).isTrue();
        assertThat(memory.used()).isZero();
    }
}
