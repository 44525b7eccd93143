package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One ini file with routes, followed by the distribution's uWSGI and by juwsgi: both give the same answers. */
class RoutingGoldenIT {
    private static final String PLUGINS =
            "router_redirect,router_rewrite,router_static,router_basicauth,router_expires,transformation_toupper";

    /** Fields that are about a connection, a server or a moment. */
    private static final Set<String> NOT_COMPARED = Set.of(
            "accept-ranges",
            "connection",
            "content-length",
            "date",
            "etag",
            "keep-alive",
            "server",
            "transfer-encoding");

    @TempDir
    Path directory;

    /** Answers with what it sees of the request. */
    private static final String APPLICATION = """
        KEYS = ['REQUEST_METHOD', 'SCRIPT_NAME', 'PATH_INFO', 'QUERY_STRING', 'REQUEST_URI', 'REMOTE_ADDR',
                'REMOTE_USER', 'DOCUMENT_ROOT', 'HTTP_X_ROUTED', 'SEEN', 'N', 'wsgi.url_scheme']

        def application(environ, start_response):
            path = environ['PATH_INFO']
            status = '404 Not Found' if path.startswith('/missing') else '500 Broken' if path == '/500' else '200 OK'
            start_response(status, [('Content-Type', 'text/plain'), ('X-App', 'yes')])
            text = ''.join('%s=%s\\n' % (key, environ.get(key, '-')) for key in KEYS)
            return [text.encode('latin-1')]
        """;

    private static final String ROUTES = """
        [uwsgi]
        wsgi-file = app.py
        route-run = addvar:N=5
        route = ^/redirect/(.*)$ redirect:/target/$1
        route = ^/moved/(\\w+)/(\\d+) redirect-permanent:https://example.org/$2/$1?all=$0&none=$7
        route = ^/return return:410
        route = ^/break-503 break:503 Try Later
        route = ^/break-short break:409
        route = ^/break-404 break:404 Nothing
        route-qs = ^go=(\\w+)$ redirect:/by-query/$1
        route-uri = ^/raw%%20uri return:402
        route-user-agent = ^Robot return:406
        route-referer = evil\\.example return:403
        route-if = equal:${QUERY_STRING};secret=1 return:403
        route-if-not = startswith:${REMOTE_ADDR};127. return:500
        route-if = ipv4in:${REMOTE_ADDR};127.0.0.0/8 addvar:SEEN=local
        route-if-not = empty:${HTTP_X_NUMBER} addvar:SEEN=${SEEN}-${HTTP_X_NUMBER}
        route-if = ishigher:${HTTP_X_NUMBER};10 goto:big
        route = ^/number addvar:SEEN=${SEEN}-small
        route = ^/number last:
        route-label = big
        route = ^/number addvar:SEEN=${SEEN}-big
        route = ^/rewrite/(.*) rewrite:/rewritten/$1?from=route
        route = ^/rewritten/ addvar:SEEN=${SEEN}-rewritten
        route = ^/last/(.*) rewrite-last:/done%%20/$1
        route = ^/done addvar:SEEN=never
        route-if = regexp:${PATH_INFO};^/re/(.)(.)$ addvar:SEEN=${SEEN}+$2$1
        route-if = contains:${PATH_INFO};needle addvar:SEEN=${SEEN}+found
        route-if = endswith:${PATH_INFO};.end addvar:SEEN=${SEEN}+ended
        route-if = isfile:%(dir)/${qs[file]} addvar:SEEN=${SEEN}+is-file
        route-if = isdir:%(dir)/${qs[dir]} addvar:SEEN=${SEEN}+is-dir
        route = ^/user setuser:bob:x
        route-remote-user = ^bob addvar:SEEN=${SEEN}-bob
        route = ^/auth basicauth:Members,kate:love
        route = ^/method setmethod:DELETE
        route = ^/scheme setscheme:https
        route = ^/address setremoteaddr:10.9.8.7
        route = ^/root setdocroot:/srv
        route = ^/uri seturi:/another
        route = ^/path setpathinfo:/another
        route = ^/script setscriptname:/script
        route = ^/script fixpathinfo:
        route = ^/field addvar:HTTP_X_ROUTED=yes
        route = ^/plus +:N
        route = ^/minus -:N
        route = ^/vars addvar:SEEN=${cookie[id]}|${qs[a]}|${base64[HTTP_X_NUMBER]}|${hex[HTTP_X_NUMBER]}|
        route = ^/dollar addvar:SEEN=$x-${nothing}-$$-.
        route = ^/header addheader:X-Path: ${PATH_INFO}
        route = ^/hide delheader:X-App
        route = ^/expires expires:unix=100000,value=5
        route = ^/static/(.*)$ static:%(dir)/$1
        route = ^/page file:filename=%(dir)/page.html,status=203 Fine,content_type=text/x-page
        route = ^/none file-next:filename=%(dir)/missing.html
        route = ^/send clearheaders:201 Made
        route = ^/send send:one,
        route = ^/send send-crnl:two
        route = ^/send break:
        route = ^/upper toupper:
        response-route-status = 200 addheader:X-Status: ${uwsgi[status]}
        response-route = ^/answered redirect:/elsewhere
        error-route-status = 404 redirect:/lost?was=${PATH_INFO}
        error-route-if = equal:${uwsgi[status]};500 addheader:X-Error: yes
        """;

    private static final List<String> REQUESTS = List.of(
            "GET /",
            "POST /x?a=b",
            "GET /redirect/a/b?c=d",
            "GET /redirect/",
            "GET /moved/word/42x",
            "GET /moved/word/x",
            "GET /return",
            "HEAD /return",
            "GET /break-503",
            "GET /break-short",
            "GET /break-404",
            "GET /any?go=there",
            "GET /any?go=there&more",
            "GET /raw%20uri",
            "GET / User-Agent: Robot/1.0",
            "GET / Referer: http://evil.example/",
            "GET /?secret=1",
            "GET /number X-Number: 9",
            "GET /number X-Number: 11",
            "GET /number X-Number: 12th",
            "GET /number X-Number: none",
            "GET /number",
            "GET /rewrite/a%20b?own=1",
            "GET /rewrite/a",
            "GET /last/x?y",
            "GET /done",
            "GET /re/ab",
            "GET /re/abc",
            "GET /hay/needle/hay",
            "GET /the.end",
            "GET /?file=style.data",
            "GET /?file=missing",
            "GET /?dir=sub",
            "GET /?dir=style.data",
            "GET /user",
            "GET /auth",
            "GET /auth Authorization: Basic a2F0ZTpsb3Zl",
            "GET /auth Authorization: Basic a2F0ZTpoYXRl",
            "GET /auth Authorization: Bearer x",
            "GET /method",
            "GET /scheme",
            "GET /address",
            "GET /root",
            "GET /uri",
            "GET /path",
            "GET /script/rest",
            "GET /field",
            "GET /plus",
            "GET /minus",
            "GET /vars?x=y&a=1%202 Cookie: a=b; id=42 X-Number: 7",
            "GET /vars",
            "GET /dollar",
            "GET /header/a",
            "GET /hide",
            "GET /expires",
            "GET /static/style.data",
            "HEAD /static/style.data",
            "GET /static/style.data If-Modified-Since: Sat, 21 Nov 2026 12:00:00 GMT",
            "GET /static/style.data If-Modified-Since: Sat, 21 Nov 2026 11:59:59 GMT",
            "GET /page",
            "GET /none",
            "GET /send",
            "GET /upper",
            "GET /missing",
            "GET /answered",
            "GET /500");

    @Test
    void bothServersGiveTheSameAnswers() throws Exception {
        Files.writeString(directory.resolve("app.py"), APPLICATION);
        Files.writeString(directory.resolve("routes.ini"), ROUTES.replace("%(dir)", directory.toString()));
        Files.writeString(directory.resolve("page.html"), "<p>page</p>");
        Files.createDirectory(directory.resolve("sub"));
        Path data = Files.writeString(directory.resolve("style.data"), "0123456789");
        Files.setLastModifiedTime(data, FileTime.from(Instant.parse("2026-11-21T12:00:00Z")));
        int port = ForeignServer.freePort();
        try (ForeignServer uwsgi = ForeignServer.uwsgi(directory, port, PLUGINS, "--ini", "routes.ini");
                RunningServer juwsgi =
                        RunningServer.start(directory, "--http-socket", "127.0.0.1:0", "--ini", "routes.ini");
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            juwsgi.ready(1);
            List<String> expected = new ArrayList<>();
            List<String> actual = new ArrayList<>();
            for (String request : REQUESTS) {
                expected.add(request + "\n" + answer(client, uwsgi.base(), request));
                actual.add(request + "\n" + answer(client, juwsgi.baseUri(), request));
            }
            assertThat(actual).isEqualTo(expected);
        }
    }

    /** Returns status, fields and body as text. */
    private static String answer(HttpClient client, String base, String request) throws Exception {
        List<String> words = List.of(request.split(" ", 3));
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(base + words.get(1)))
                .method(words.getFirst(), HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(60));
        if (words.size() > 2) {
            for (String field : words.get(2).split(" (?=[A-Z][A-Za-z-]+: )", -1)) {
                builder.header(field.substring(0, field.indexOf(':')), field.substring(field.indexOf(':') + 2));
            }
        }
        HttpResponse<String> response = client.send(builder.build(), HttpResponse.BodyHandlers.ofString());
        Map<String, List<String>> fields = new TreeMap<>(response.headers().map());
        fields.keySet().removeAll(NOT_COMPARED);
        return response.statusCode() + " " + fields + "\n" + response.body();
    }
}
