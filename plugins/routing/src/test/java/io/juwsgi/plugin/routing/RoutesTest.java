package io.juwsgi.plugin.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.testkit.TestChain;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each table and each way to go on does with requests and responses. */
class RoutesTest {
    @TempDir
    Path directory;

    private static TestChain routes(String... options) throws Exception {
        TestChain chain = TestChain.of(new RoutingPlugin(), options);
        chain.application().answers(200, "hello", "X-App", "yes");
        return chain;
    }

    /** Heads before a response and fields behind it go through the tables for responses, those of a replaced one do not. */
    @Test
    void whatComesBeforeAndBehindAResponseGoesOn() throws Exception {
        try (TestChain chain = routes(
                "--response-route-status", "200 addheader:X-Route: yes",
                "--response-route-status", "201 toupper:",
                "--response-route-status", "404 return:410")) {
            for (int status : new int[] {200, 201, 404}) {
                chain.application().handledBy(exchange -> {
                    exchange.response().interim(new Response(103, "Early Hints", Fields.of("Link", "</a>")));
                    exchange.response().head(new Response(status, "", Fields.of("Content-Digest", "x")));
                    exchange.response().data(Chunk.of(new byte[] {'a'}));
                    exchange.response().trailers(Fields.of("X-Sum", "1", "Content-Digest", "x"));
                    exchange.response().end();
                });
                TestExchange answer = chain.get("/");
                assertThat(answer.interims()).hasSize(1);
                boolean changed = status == 201;
                assertThat(answer.field("Content-Digest") == null).isEqualTo(status != 200);
                assertThat(answer.trailers().toString())
                        .isEqualTo(status == 404 ? "" : changed ? "X-Sum: 1\n" : "X-Sum: 1\nContent-Digest: x\n");
            }
        }
    }

    private static String variable(Request request, String name) {
        return RequestVariables.of(request, name);
    }

    @Test
    void groupsOfThePatternAreFilledIn() throws Exception {
        try (TestChain chain = routes("--route", "^/foo/(.*)\\.php$ redirect:/bar/$1?was=$0")) {
            TestExchange answer = chain.get("/foo/a.php");
            assertThat(answer.status()).isEqualTo(302);
            assertThat(answer.field("Location")).isEqualTo("/bar/a?was=/foo/a.php");
            assertThat(answer.text()).isEqualTo("Moved");
            assertThat(chain.get("/foo/a.html").text()).isEqualTo("hello");
        }
    }

    @Test
    void everyPartOfARequestCanBeMatched() throws Exception {
        try (TestChain chain = routes(
                "--route-host", "^b\\.example$ return:401",
                "--route-uri", "^/raw%20 return:402",
                "--route-qs", "x=1 return:403",
                "--route-remote-addr", "^10\\. return:404",
                "--route-remote-user", "^bob$ return:405",
                "--route-user-agent", "curl return:406",
                "--route-referer", "^http://evil return:410")) {
            TestRequest plain = TestRequest.get("/");
            assertThat(chain.send(plain).status()).isEqualTo(200);
            assertThat(chain.send(plain.field("Host", "b.example")).status()).isEqualTo(401);
            assertThat(chain.get("/raw%20x").status()).isEqualTo(402);
            assertThat(chain.get("/?a=b&x=1").status()).isEqualTo(403);
            assertThat(chain.send(plain.remoteAddress("10.1.2.3")).status()).isEqualTo(404);
            assertThat(chain.send(plain.variable("REMOTE_USER", "bob")).status())
                    .isEqualTo(405);
            assertThat(chain.send(plain.field("User-Agent", "curl/8")).status()).isEqualTo(406);
            assertThat(chain.send(plain.field("Referer", "http://evil.example/"))
                            .status())
                    .isEqualTo(410);
        }
    }

    @Test
    void routesOfDifferentOptionsKeepTheirOrder() throws Exception {
        try (TestChain chain = routes(
                "--route-if", "equal:${PATH_INFO};/a addvar:SEEN=if",
                "--route", "^/a addvar:SEEN=${SEEN}-path",
                "--route-run", "addvar:SEEN=${SEEN}-run",
                "--route-if-not", "empty:${SEEN} addvar:SEEN=${SEEN}-not",
                "--route", "^/a last:",
                "--route-run", "return:500")) {
            chain.get("/a");
            assertThat(variable(chain.asked().getFirst(), "SEEN")).isEqualTo("if-path-run-not");
        }
    }

    @Test
    void gotoLeadsBehindALabelOrToANumber() throws Exception {
        try (TestChain chain = routes(
                "--route", "^/a goto:end",
                "--route", "^/b goto:4",
                "--route-run", "return:403",
                "--route-label", "end",
                "--route", "^/a return:401",
                "--route-run", "return:402")) {
            assertThat(chain.get("/a").status()).isEqualTo(401);
            assertThat(chain.get("/b").status()).isEqualTo(402);
            assertThat(chain.get("/c").status()).isEqualTo(403);
        }
    }

    @Test
    void aJumpThatIsOnlyKnownLaterAndGoesNowhereEndsTheRequest() throws Exception {
        try (TestChain chain = routes("--route", "^/(.*)$ goto:$1", "--route-label", "there")) {
            assertThat(chain.get("/there").status()).isEqualTo(200);
            assertThat(chain.get("/nowhere").status()).isEqualTo(500);
        }
    }

    @Test
    void aRequestIsRewrittenForTheApplication() throws Exception {
        try (TestChain chain = routes(
                "--route", "^/old/(.*) rewrite:/new%20/$1?from=old",
                "--route-run", "setmethod:PUT",
                "--route-run", "setscheme:https",
                "--route-run", "setremoteaddr:10.9.8.7",
                "--route-run", "setuser:bob:secret",
                "--route-run", "addvar:HTTP_X_ROUTED=yes",
                "--route-run", "setmodifier1:9")) {
            chain.get("/old/a/../b?q=1");
            Request seen = chain.asked().getFirst();
            assertThat(seen.path()).isEqualTo("/new /b");
            assertThat(seen.query()).isEqualTo("from=old&q=1");
            assertThat(seen.target()).isEqualTo("/old/a/../b?q=1");
            assertThat(seen.method()).isEqualTo("PUT");
            assertThat(seen.scheme()).isEqualTo("https");
            assertThat(seen.remoteAddress()).isEqualTo("10.9.8.7");
            assertThat(seen.modifier1()).isEqualTo(9);
            assertThat(seen.fields().first("x-routed")).isEqualTo("yes");
            assertThat(variable(seen, "REMOTE_USER")).isEqualTo("bob");
            assertThat(variable(seen, "PATH_INFO")).isEqualTo("/new /b");
        }
    }

    @Test
    void whatAClientSendsIsNotLookedAtForVariables() throws Exception {
        try (TestChain chain = routes("--route", "^/(.*)$ addvar:COPY=$1")) {
            chain.send(TestRequest.get("/$%7BHTTP_AUTHORIZATION%7D").field("Authorization", "secret"));
            assertThat(variable(chain.asked().getFirst(), "COPY")).isEqualTo("${HTTP_AUTHORIZATION}");
        }
    }

    @Test
    void responsesGetAndLoseFields() throws Exception {
        try (TestChain chain = routes(
                "--route-run", "addheader:X-Request: ${REQUEST_METHOD}",
                "--route-run", "delheader:x-app",
                "--response-route-status", "200 addheader:X-Status: ${uwsgi[status]}")) {
            TestExchange answer = chain.get("/");
            assertThat(answer.field("X-Request")).isEqualTo("GET");
            assertThat(answer.field("X-Status")).isEqualTo("200");
            assertThat(answer.field("X-App")).isNull();
            assertThat(answer.text()).isEqualTo("hello");
        }
    }

    @Test
    void anErrorRouteAnswersInPlaceOfTheApplication() throws Exception {
        try (TestChain chain = routes("--error-route-status", "404 redirect:/lost")) {
            chain.application().answers(404, "not here");
            TestExchange answer = chain.get("/x");
            assertThat(answer.status()).isEqualTo(302);
            assertThat(answer.field("Location")).isEqualTo("/lost");
            assertThat(answer.text()).isEqualTo("Moved");
            assertThat(answer.complete()).isTrue();
        }
    }

    @Test
    void responseRoutesSeeTheAnswersOfOtherTables() throws Exception {
        try (TestChain chain = routes(
                "--route", "^/a redirect:/b",
                "--error-route-status", "404 return:410",
                "--response-route-run", "addheader:X-Last: ${uwsgi[status]}")) {
            assertThat(chain.get("/a").field("X-Last")).isEqualTo("302");
            chain.application().answers(404, "not here");
            assertThat(chain.get("/c").field("X-Last")).isEqualTo("410");
        }
    }

    @Test
    void aRouteSendsABodyOfItsOwn() throws Exception {
        try (TestChain chain = routes(
                "--route-run", "clearheaders:201 Made",
                "--route-run", "addheader:Content-Type: text/x",
                "--route-run", "send:a ${PATH_INFO} ",
                "--route-run", "send-crnl:b",
                "--route-run", "break:")) {
            TestExchange answer = chain.get("/p");
            assertThat(answer.head().status()).isEqualTo(201);
            assertThat(answer.head().reason()).isEqualTo("Made");
            assertThat(answer.field("Content-Type")).isEqualTo("text/x");
            assertThat(answer.text()).isEqualTo("a /p b\r\n");
            assertThat(chain.asked()).isEmpty();
        }
    }

    @Test
    void aResponseRouteMaySendBeforeTheApplicationsBody() throws Exception {
        try (TestChain chain = routes("--response-route-run", "send:first ")) {
            chain.application().answers(200, "hello", "Content-Length", "5");
            TestExchange answer = chain.get("/");
            assertThat(answer.text()).isEqualTo("first hello");
            assertThat(answer.field("Content-Length")).isNull();
        }
    }

    @Test
    void anEndWithoutAnAnswerIsARefusal() throws Exception {
        try (TestChain chain = routes("--route", "^/private break:")) {
            TestExchange answer = chain.get("/private");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.failure().why()).isEqualTo("route-break");
        }
    }

    @Test
    void bodiesAreTransformedInOrder() throws Exception {
        try (TestChain chain = routes("--route-run", "toupper:", "--route-run", "gzip:")) {
            TestExchange plain = chain.get("/");
            assertThat(plain.text()).isEqualTo("HELLO");
            TestExchange packed = chain.send(TestRequest.get("/").field("Accept-Encoding", "gzip"));
            assertThat(packed.field("Content-Encoding")).isEqualTo("gzip");
            try (var in = new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(packed.bytes()))) {
                assertThat(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII))
                        .isEqualTo("HELLO");
            }
        }
    }

    @Test
    void numbersAreReckonedInVariables() throws Exception {
        try (TestChain chain = routes(
                "--route-run", "addvar:N=7",
                "--route-run", "+:N",
                "--route-run", "*:N,3",
                "--route-run", "-:N,4",
                "--route-run", "/:N,4")) {
            chain.get("/");
            assertThat(variable(chain.asked().getFirst(), "N")).isEqualTo("5");
        }
    }

    @Test
    void aLineEndInAPathBreaksNoResponse() throws Exception {
        try (TestChain chain = routes("--route", "^/(?s)(.*)$ redirect:/x/$1")) {
            assertThat(chain.get("/a%0D%0ASet-Cookie:%20x").field("Location")).isEqualTo("/x/a%0D%0ASet-Cookie: x");
        }
    }

    @Test
    void bytesOfAPathPassAsTheyAre() throws Exception {
        try (TestChain chain = routes("--route", "^/ö(.)$ addvar:GOT=ü$1")) {
            chain.get("/%C3%B6%FF");
            assertThat(variable(chain.asked().getFirst(), "GOT")).isEqualTo("\u00C3\u00BC\u00FF");
        }
    }

    @Test
    void theFlagTurnsRoutesOff() throws Exception {
        Path ini = directory.resolve("app.ini");
        Files.writeString(ini, "[uwsgi]\nroute-run = return:500\nrouting = false\n");
        try (TestChain chain = routes("--ini", ini.toString())) {
            assertThat(chain.get("/").text()).isEqualTo("hello");
        }
    }

    @Test
    void routesSayWhatIsLogged() throws Exception {
        try (TestChain chain = routes("--route-run", "logvar:who=${REMOTE_ADDR}", "--route", "^/ping donotlog:")) {
            TestExchange page = chain.get("/page");
            assertThat(page.account().variable("who")).isEqualTo("127.0.0.1");
            assertThat(page.account().isUnlogged()).isFalse();
            assertThat(chain.get("/ping").account().isUnlogged()).isTrue();
        }
    }
}
