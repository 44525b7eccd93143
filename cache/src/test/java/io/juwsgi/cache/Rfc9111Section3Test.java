package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cache.Site.Answer;
import io.juwsgi.cache.store.Variants;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is stored: RFC 9111 section 3. */
class Rfc9111Section3Test {
    private final Site site = new Site();

    private boolean storedAfter(String... requestFields) {
        site.get("/", requestFields);
        return site.get("/").hit();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 203, 204, 300, 301, 302, 307, 308, 404, 410, 500, 503, 599})
    void section3_anyStatusWithExplicitFreshnessIsStored(int status) {
        site.answers(status, "", "Cache-Control", "max-age=60");
        assertThat(storedAfter()).isTrue();
        assertThat(site.get("/").status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(ints = {206, 304})
    void section3_partsAnd304AreNotWholeResponses(int status) {
        site.answers(status, "", "Cache-Control", "max-age=60");
        assertThat(storedAfter()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-store",
                "max-age=60, no-store",
                "private, max-age=60",
                "private=\"\", max-age=60",
                "MAX-AGE=60, Private",
                "public",
                "max-age=0",
                "max-age=abc",
                "max-age=60, max-age=0"
            })
    void section3_aResponseThatMayNotBeReusedIsNotStored(String control) {
        site.answers(200, "a", "Cache-Control", control);
        assertThat(storedAfter()).isFalse();
    }

    @Test
    void section3_withoutExplicitFreshnessNothingIsStored() {
        site.answers(200, "a", "ETag", "\"1\"", "Last-Modified", Site.DATE);
        assertThat(storedAfter()).isFalse();
    }

    @Test
    void section3_cookiesAndParts() {
        site.answers(200, "a", "Cache-Control", "max-age=60", "Set-Cookie", "session=1");
        assertThat(storedAfter()).isFalse();
        site.answers(200, "a", "Cache-Control", "max-age=60", "Content-Range", "bytes 0-0/2");
        assertThat(storedAfter()).isFalse();
    }

    @Test
    void section3_1_fieldsOfTheConnectionAreNotStored() {
        site.answers(200, "a", "Cache-Control", "max-age=60", "Connection", "X-Hop", "X-Hop", "1", "X-Kept", "2");
        assertThat(storedAfter()).isTrue();
        Answer hit = site.get("/");
        assertThat(hit.field("Connection")).isNull();
        assertThat(hit.field("X-Hop")).isNull();
        assertThat(hit.field("X-Kept")).isEqualTo("2");
        assertThat(hit.field("Date")).isEqualTo(Site.DATE);
        assertThat(hit.field("Content-Length")).isEqualTo("1");
    }

    @Test
    void section3_3_anAbortedResponseIsNotStored() {
        site.application(exchange -> {
            exchange.response().head(new Response(200, "OK", Fields.of("Cache-Control", "max-age=60")));
            exchange.response().data(Chunk.of(new byte[3]));
            exchange.fail(Failure.upstream(502, "worker-died", "It died."));
            exchange.response().end();
        });
        assertThat(storedAfter()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "4"})
    void section3_3_aResponseOfAnotherLengthThanItSaysIsNotStored(String length) {
        site.answers(200, "abc", "Cache-Control", "max-age=60", "Content-Length", length);
        assertThat(storedAfter()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"max-age=60,false", "'max-age=60,proxy-revalidate',false", "'max-age=60,public',true"})
    void section3_5_responsesToAuthorizedRequestsAreStoredOnlyWhenTheySaySo(String control, boolean stored) {
        site.answers(200, "secret", "Cache-Control", control);
        assertThat(storedAfter("Authorization", "Basic YQ==")).isEqualTo(stored);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s-maxage=60", "max-age=60,must-revalidate"})
    void section3_5_sMaxageAndMustRevalidateSaySoToo(String control) {
        site.answers(200, "secret", "Cache-Control", control);
        assertThat(storedAfter("Authorization", "Basic YQ==")).isTrue();
    }

    @Test
    void section3_5_aUserWhomAProxyNamesCountsAsAuthorized() {
        site.answers(200, "secret", "Cache-Control", "max-age=60");
        site.send(TestRequest.get("/").variable("REMOTE_USER", "alice"));
        assertThat(site.get("/").hit()).isFalse();
    }

    @Test
    void section5_2_1_5_aRequestWithNoStoreStoresNothing() {
        site.answers(200, "a", "Cache-Control", "max-age=60");
        assertThat(storedAfter("Cache-Control", "no-store")).isFalse();
    }

    @Test
    void bytesReachTheClientWhileTheEntryFills() {
        TestExchange client = TestExchange.of(TestRequest.get("/"));
        site.application(exchange -> {
            exchange.response().head(new Response(200, "OK", Fields.of("Cache-Control", "max-age=60")));
            exchange.response().data(Chunk.of(new byte[] {'a'}));
            assertThat(client.text()).isEqualTo("a");
            exchange.response().data(Chunk.of(new byte[] {'b'}));
            exchange.response().end();
        });
        site.send(client);
        assertThat(client.text()).isEqualTo("ab");
        assertThat(site.get("/").text()).isEqualTo("ab");
        assertThat(site.asked()).hasSize(1);
    }

    @Test
    void aBodyOverTheLimitIsPassedOnAndNotStored() {
        Site small = new Site("--http-cache-size", "10k", "--http-cache-max-entry", "4");
        small.answers(200, "12345", "Cache-Control", "max-age=60");
        assertThat(small.get("/").text()).isEqualTo("12345");
        assertThat(small.get("/").hit()).isFalse();
        small.answers(200, "1234", "Cache-Control", "max-age=60");
        small.get("/");
        assertThat(small.get("/").hit()).isTrue();
    }

    @Test
    void allResponsesTogetherStayBelowTheSize() {
        Site small = new Site("--http-cache-size", "64k", "--http-cache-max-entry", "8k");
        small.answers(200, "x".repeat(8000), "Cache-Control", "max-age=60");
        for (int i = 0; i < 50; i++) {
            small.get("/" + i);
        }
        int before = small.asked().size();
        for (int i = 0; i < 50; i++) {
            small.get("/" + i);
        }
        assertThat(small.asked().size() - before).isBetween(42, 50);
    }

    @Test
    void aFieldWithEndlessValuesKeepsABoundedNumberOfVariants() {
        site.answers(200, "a", "Cache-Control", "max-age=60", "Vary", "User-Agent");
        for (int i = 0; i <= Variants.MOST; i++) {
            site.get("/", "User-Agent", "agent " + i);
        }
        assertThat(site.get("/", "User-Agent", "agent 1").hit()).isTrue();
        assertThat(site.get("/", "User-Agent", "agent 0").hit()).isFalse();
    }
}
