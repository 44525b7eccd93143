package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cache.Site.Answer;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.testkit.TestApplication;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestLoop;
import io.juwsgi.testkit.TestRequest;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that want the same at a time share one request to the application (RFC 9111 section 4). */
class CollapsingTest {
    private final Site site = new Site();
    private final List<Exchange> held = new ArrayList<>();

    private List<Answer> ask(int count, String... fields) {
        site.application(held::add);
        List<Answer> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(site.get("/", fields));
        }
        return all;
    }

    private static void begin(Exchange exchange, String... fields) {
        exchange.response().head(new Response(200, "OK", Fields.of(fields)));
    }

    private static void data(Exchange exchange, String text) {
        exchange.response().data(Chunk.of(text.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void aThousandClientsAreOneRequest() {
        List<Answer> all = ask(1000);
        assertThat(held).hasSize(1);
        TestApplication.reply(held.getFirst(), 200, "a", "Cache-Control", "max-age=60", "Content-Length", "1");
        assertThat(all).allSatisfy(answer -> {
            assertThat(answer.text()).isEqualTo("a");
            assertThat(answer.field("Content-Length")).isEqualTo("1");
            assertThat(answer.exchange().complete()).isTrue();
        });
        assertThat(all.getFirst().cacheStatus()).isEqualTo("juwsgi; fwd=uri-miss; stored");
        assertThat(all.getLast().cacheStatus()).isEqualTo("juwsgi; fwd=uri-miss; collapsed");
        assertThat(site.asked()).hasSize(1);
        assertThat(site.get("/").hit()).isTrue();
    }

    @Test
    void clientsGetBytesBeforeTheEntryIsComplete() {
        List<Answer> early = ask(2);
        Exchange application = held.getFirst();
        begin(application, "Cache-Control", "max-age=60");
        data(application, "first ");
        assertThat(early).allSatisfy(answer -> assertThat(answer.text()).isEqualTo("first "));
        Answer late = site.get("/");
        assertThat(late.text()).isEqualTo("first ");
        data(application, "second");
        application.response().end();
        assertThat(late.text()).isEqualTo("first second");
        assertThat(early).allSatisfy(answer -> assertThat(answer.text()).isEqualTo("first second"));
        assertThat(site.asked()).hasSize(1);
    }

    @Test
    void aResponseThatBreaksOffIsCutForEverybodyAndNotStored() {
        List<Answer> all = ask(3);
        Exchange application = held.getFirst();
        begin(application, "Cache-Control", "max-age=60");
        data(application, "first ");
        application.fail(Failure.upstream(502, "worker-died", "It died."));
        assertThat(all).allSatisfy(answer -> {
            assertThat(answer.exchange().failure()).isNotNull();
            assertThat(answer.exchange().complete()).isFalse();
        });
        site.answers(200, "whole", "Cache-Control", "max-age=60");
        assertThat(site.get("/").text()).isEqualTo("whole");
    }

    @Test
    void anAnswerForOneClientMakesTheOthersAskAllAtATime() {
        List<Answer> all = ask(10);
        TestApplication.reply(held.getFirst(), 200, "secret", "Cache-Control", "private");
        assertThat(all.getFirst().text()).isEqualTo("secret");
        assertThat(held).hasSize(10);
        for (int i = 1; i < 10; i++) {
            TestApplication.reply(held.get(i), 200, "own " + i, "Cache-Control", "private");
            assertThat(all.get(i).text()).isEqualTo("own " + i);
        }
    }

    @Test
    void forSomeTimeNobodyWaitsForWhatIsNotForOthers() {
        ask(1);
        TestApplication.reply(held.getFirst(), 200, "secret", "Cache-Control", "private");
        ask(5);
        assertThat(held).hasSize(6);
        site.seconds(11);
        ask(5);
        assertThat(held).hasSize(7);
    }

    @Test
    void aFailureIsTheFirstClientsAloneAndTheOthersTryAtATime() {
        List<Answer> all = ask(3);
        held.getFirst().fail(Failure.upstream(502, "worker-died", "It died."));
        assertThat(all.getFirst().status()).isEqualTo(502);
        assertThat(held).hasSize(3);
        TestApplication.reply(held.get(1), 200, "a");
        TestApplication.reply(held.get(2), 200, "b");
        assertThat(all.get(1).text()).isEqualTo("a");
        assertThat(all.get(2).text()).isEqualTo("b");
    }

    @Test
    void aClientThatGoesHurtsNobody() {
        List<Answer> all = ask(3);
        all.get(0).exchange().clientGone();
        all.get(1).exchange().clientGone();
        assertThat(held.getFirst().ended()).isFalse();
        TestApplication.reply(held.getFirst(), 200, "a", "Cache-Control", "max-age=60");
        assertThat(all.get(2).text()).isEqualTo("a");
        assertThat(site.get("/").hit()).isTrue();
    }

    @Test
    void whenEverybodyHasGoneTheApplicationIsTold() {
        List<Answer> all = ask(3);
        AtomicInteger told = new AtomicInteger();
        held.getFirst().onEnd(told::incrementAndGet);
        all.forEach(answer -> answer.exchange().clientGone());
        assertThat(held.getFirst().ended()).isTrue();
        assertThat(told).hasValue(1);
        ask(1);
        assertThat(held).hasSize(2);
    }

    @Test
    void whatIsBeingStoredIsStoredWhenItsClientsHaveGone() {
        List<Answer> all = ask(1);
        Exchange application = held.getFirst();
        begin(application, "Cache-Control", "max-age=60");
        data(application, "first ");
        all.getFirst().exchange().clientGone();
        assertThat(application.ended()).isFalse();
        data(application, "second");
        application.response().end();
        assertThat(site.get("/").text()).isEqualTo("first second");
    }

    @Test
    void whoWantsAnotherVariantAsksForItAndVariantsAreThenAskedForSideBySide() {
        site.application(held::add);
        Answer german = site.get("/", "Accept-Language", "de");
        Answer english = site.get("/", "Accept-Language", "en");
        Answer germanToo = site.get("/", "Accept-Language", "de");
        TestApplication.reply(held.get(0), 200, "de", "Cache-Control", "max-age=60", "Vary", "Accept-Language");
        assertThat(german.text()).isEqualTo("de");
        assertThat(germanToo.text()).isEqualTo("de");
        assertThat(held).hasSize(2);
        TestApplication.reply(held.get(1), 200, "en", "Cache-Control", "max-age=60", "Vary", "Accept-Language");
        assertThat(english.text()).isEqualTo("en");
        site.seconds(61);
        site.get("/", "Accept-Language", "de");
        site.get("/", "Accept-Language", "en");
        site.get("/", "Accept-Language", "en");
        assertThat(held).hasSize(4);
    }

    @Test
    void validationsAreSharedToo() {
        site.answers(200, "a", "Cache-Control", "max-age=10", "ETag", "\"1\"");
        site.get("/");
        site.seconds(11);
        List<Answer> all = ask(5, "If-None-Match", "\"1\"");
        all.addAll(ask(5));
        assertThat(held).hasSize(1);
        TestApplication.reply(held.getFirst(), 304, "", "Cache-Control", "max-age=10");
        assertThat(all.subList(0, 5))
                .allSatisfy(answer -> assertThat(answer.status()).isEqualTo(304));
        assertThat(all.subList(5, 10))
                .allSatisfy(answer -> assertThat(answer.text()).isEqualTo("a"));
    }

    @Test
    void whoWantsAFreshResponseWaitsForOneThatHasNotBegun() {
        ask(1);
        Answer reload = site.get("/", "Cache-Control", "no-cache");
        assertThat(held).hasSize(1);
        Exchange application = held.getFirst();
        begin(application, "Cache-Control", "max-age=60");
        data(application, "first");
        site.get("/", "Cache-Control", "no-cache");
        assertThat(held).hasSize(2);
        application.response().end();
        assertThat(reload.text()).isEqualTo("first");
    }

    @Test
    void aResponseThatIsTooLargeIsSentToAllAtThePaceOfTheSlowestAndNotStored() {
        site.application(held::add);
        TestExchange slow = TestExchange.of(TestRequest.get("/"));
        site.send(slow);
        Answer quick = site.get("/");
        Exchange application = held.getFirst();
        begin(application, "Cache-Control", "max-age=60");
        slow.writable(false);
        String part = "x".repeat(10_000);
        int sent = 0;
        while (application.response().writable() && sent < 10_000_000) {
            data(application, part);
            sent += part.length();
        }
        assertThat(sent).isLessThan(1_000_000);
        assertThat(quick.text()).hasSize(sent);
        AtomicInteger told = new AtomicInteger();
        application.response().onWritable(told::incrementAndGet);
        slow.writable(true);
        assertThat(told.get()).isPositive();
        assertThat(application.response().writable()).isTrue();
        application.response().end();
        assertThat(slow.text()).hasSize(sent);
        assertThat(quick.exchange().complete()).isTrue();
        site.answers(200, "small");
        assertThat(site.get("/").text()).isEqualTo("small");
    }

    @Test
    void aFileIsForTheFirstClientAlone(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "content");
        List<Answer> all = ask(2);
        begin(held.getFirst(), "Cache-Control", "max-age=60");
        held.getFirst().response().file(new FileRegion(FileChannel.open(file), 0, 7));
        held.getFirst().response().end();
        assertThat(all.getFirst().text()).isEqualTo("content");
        assertThat(held).hasSize(2);
    }

    @Test
    void authorizedClientsNeitherWaitNorLetWait() {
        ask(1, "Authorization", "Basic YQ==");
        ask(1, "Authorization", "Basic Yg==");
        ask(1);
        assertThat(held).hasSize(3);
    }

    @Test
    void severalEventLoopsAreOneRequestToo() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch entered = new CountDownLatch(300);
        try (TestLoop one = new TestLoop();
                TestLoop two = new TestLoop();
                TestLoop three = new TestLoop()) {
            List<TestLoop> loops = List.of(one, two, three);
            List<TestExchange> all = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                all.add(TestExchange.of(TestRequest.get("/"), loops.get(i % 3)));
            }
            for (TestExchange exchange : all) {
                exchange.eventLoop().execute(() -> {
                    site.cache().handle(exchange, inside -> {
                        asked.incrementAndGet();
                        Thread.ofVirtual().start(() -> answerAfter(entered, inside));
                    });
                    entered.countDown();
                });
            }
            all.forEach(TestExchange::awaitEnd);
            assertThat(all).allSatisfy(exchange -> assertThat(exchange.text()).isEqualTo("one two"));
            assertThat(asked).hasValue(1);
            loops.forEach(loop -> assertThat(loop.thrown()).isEmpty());
        }
    }

    private static void answerAfter(CountDownLatch entered, Exchange inside) {
        try {
            entered.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        inside.eventLoop().execute(() -> begin(inside, "Cache-Control", "max-age=60"));
        inside.eventLoop().execute(() -> data(inside, "one "));
        inside.eventLoop().execute(() -> data(inside, "two"));
        inside.eventLoop().execute(inside.response()::end);
    }
}
