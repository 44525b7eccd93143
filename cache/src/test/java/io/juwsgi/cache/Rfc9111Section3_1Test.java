package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cache.Site.Answer;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is not of the final response's head and body: trailers (RFC 9111 section 3.1) and early hints (RFC 8297). */
class Rfc9111Section3_1Test {
    private final Site site = new Site();
    private final List<Exchange> held = new ArrayList<>();

    private Answer ask() {
        site.application(held::add);
        return site.get("/", "TE", "trailers");
    }

    private static void answer(Exchange application, String... fields) {
        application.response().head(new Response(200, "OK", Fields.of(fields)));
        application.response().data(Chunk.of(new byte[] {'a'}));
        application.response().trailers(Fields.of("Digest", "1", "X-User", "me"));
        application.response().end();
    }

    private static void hint(Exchange application) {
        application.response().interim(new Response(103, "Early Hints", Fields.of("Link", "</a.css>; rel=preload")));
    }

    @Test
    void trailersGoToAllWhoGetTheResponseAsItComesAndAreNotStored() {
        Answer first = ask();
        Answer second = ask();
        answer(held.getFirst(), "Cache-Control", "max-age=60", "Trailer", "Digest, X-User");
        assertThat(first.exchange().trailers().first("digest")).isEqualTo("1");
        assertThat(second.exchange().trailers().first("digest")).isEqualTo("1");
        assertThat(second.field("Trailer")).isEqualTo("Digest, X-User");
        Answer hit = ask();
        assertThat(hit.hit()).isTrue();
        assertThat(hit.exchange().trailers().size()).isZero();
        assertThat(hit.field("Trailer")).isNull();
        assertThat(hit.field("Digest")).isNull();
        assertThat(held).hasSize(1);
    }

    @Test
    void trailersThatTheResponseWithholdsAreForTheFirstClientAlone() {
        Answer first = ask();
        Answer second = ask();
        answer(held.getFirst(), "Cache-Control", "max-age=60, private=\"X-User\"");
        assertThat(first.exchange().trailers().first("x-user")).isEqualTo("me");
        assertThat(second.exchange().trailers().first("x-user")).isNull();
        assertThat(second.exchange().trailers().first("digest")).isEqualTo("1");
    }

    @Test
    void trailersOfAResponseForOneClientAreItsOwn() {
        Answer first = ask();
        answer(held.getFirst(), "Cache-Control", "private");
        assertThat(first.exchange().trailers().first("x-user")).isEqualTo("me");
    }

    @Test
    void trailersOfAResponseWithoutABodyArePassedOn() {
        Answer first = ask();
        held.getFirst().response().head(new Response(200, "OK", Fields.of("Cache-Control", "max-age=60")));
        held.getFirst().response().trailers(Fields.of("Digest", "0"));
        held.getFirst().response().end();
        assertThat(first.exchange().trailers().first("digest")).isEqualTo("0");
    }

    @Test
    void hintsGoToTheFirstClientBeforeTheResponseAndAreNotStored() {
        Answer first = ask();
        Answer second = ask();
        hint(held.getFirst());
        assertThat(first.exchange().interims()).hasSize(1);
        assertThat(first.exchange().interims().getFirst().fields().first("link"))
                .startsWith("</a.css>");
        assertThat(first.exchange().hasHead()).isFalse();
        assertThat(second.exchange().interims()).isEmpty();
        answer(held.getFirst(), "Cache-Control", "max-age=60");
        assertThat(second.text()).isEqualTo("a");
        assertThat(ask().exchange().interims()).isEmpty();
    }

    @Test
    void hintsAreNobodysWhenTheFirstClientHasGone() {
        Answer first = ask();
        Answer second = ask();
        first.exchange().clientGone();
        hint(held.getFirst());
        assertThat(second.exchange().interims()).isEmpty();
        answer(held.getFirst(), "Cache-Control", "private");
        assertThat(held).hasSize(2);
    }
}
