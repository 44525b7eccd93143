package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Named caches with the libraries that use them, over restarts, and as operators see them. */
class NamedCachesIT {
    /** Flask-Caching and cachelib with their uWSGI back ends, as their documentation has it. */
    private static final String FLASK = """
            import time
            from cachelib.uwsgi import UWSGICache
            from flask import Flask
            from flask_caching import Cache

            app = Flask(__name__)
            cache = Cache(app, config={'CACHE_TYPE': 'UWSGICache', 'CACHE_UWSGI_NAME': 'pages'})
            plain = UWSGICache(default_timeout=300, cache='plain')
            runs = []

            @app.route('/page')
            @cache.cached(timeout=60)
            def page():
                runs.append(1)
                return 'made %s' % time.time_ns()

            @app.route('/cachelib')
            def cachelib():
                answers = [plain.set('a', {'b': [1, 2]}), plain.get('a'), plain.add('a', 1), plain.has('a'),
                           plain.set_many({'x': 1, 'y': 2}), plain.get_many('x', 'y', 'z'), plain.delete('x'),
                           plain.get('x'), plain.clear(), plain.get('a')]
                return repr(answers)
            """;

    @TempDir
    Path directory;

    private RunningServer serve(String... more) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "--http", "127.0.0.1:0", "--wsgi-file", "app.py", "--callable", "app", "--python", Apps.PYTHON));
        all.addAll(List.of(more));
        return RunningServer.start(directory, all.toArray(String[]::new));
    }

    private String ctl(RunningServer server, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("ctl", "--pid", Long.toString(server.pid())));
        all.addAll(List.of(arguments));
        try (RunningServer command = RunningServer.start(directory, all.toArray(String[]::new))) {
            assertThat(command.exitCode()).isZero();
            return command.log();
        }
    }

    @Test
    void flaskCachingAndCachelibWork() throws Exception {
        Apps.write(directory, FLASK);
        Files.writeString(directory.resolve("page.html"), "<p>hello</p>");
        try (RunningServer server = serve(
                        "--processes",
                        "2",
                        "--cache2",
                        "name=plain,items=100",
                        "--cache2",
                        "name=pages,items=100",
                        "--add-cache-item",
                        "pages greeting=good day",
                        "--load-file-in-cache",
                        "pages page.html")
                .ready(2)) {
            String first = server.get("/page").body();
            assertThat(first).startsWith("made ");
            for (int i = 0; i < 10; i++) {
                assertThat(server.get("/page").body()).isEqualTo(first);
            }
            assertThat(server.get("/cachelib").body())
                    .isEqualTo("[True, {'b': [1, 2]}, False, True, ['x', 'y'], [1, 2, None], True, None, True, None]");
            assertThat(ctl(server, "caches", "pages", "get", "greeting")).contains("value: good day");
            assertThat(ctl(server, "caches", "pages", "get", "page.html")).contains("<p>hello</p>");
            assertThat(ctl(server, "caches", "pages", "keys")).contains("view//page");
        }
    }

    @Test
    void routesAndCheckCacheAnswerFromACache() throws Exception {
        Apps.write(directory, """
                import uwsgi
                runs = []
                def app(environ, start_response):
                    runs.append(1)
                    if environ['PATH_INFO'] == '/prepare':
                        uwsgi.cache_set('/whole?a=1', b'HTTP/1.0 203 Known\\r\\nX-Cached: yes\\r\\n\\r\\nfrom the cache')
                        uwsgi.cache_set('/broken', b'no response')
                    status = '404 Not Found' if environ['PATH_INFO'] == '/page/missing' else '200 OK'
                    start_response(status, [('Content-Type', 'text/x-own')])
                    return [('run %d hits %d flag %s' % (len(runs), uwsgi.cache_num('hits'), environ.get('FLAG'))).encode()]
                """);
        Files.writeString(directory.resolve("app.ini"), """
                [uwsgi]
                cache2 = name=c,items=100
                check-cache = c
                add-cache-item = c flag=red
                route = ^/page/(.*) cacheinc:key=hits,name=c
                route = ^/page/(.*) cache:key=page-$1,name=c,content_type=text/plain
                route = ^/page/(.*) cachestore:key=page-$1,name=c,expires=60
                route-if = incache:key=flag,name=c cachevar:key=flag,name=c,var=FLAG
                """);
        try (RunningServer server = serve("--ini", "app.ini").ready(1)) {
            assertThat(server.get("/page/a").body()).isEqualTo("run 1 hits 1 flag red");
            var again = server.get("/page/a");
            assertThat(again.body()).isEqualTo("run 1 hits 1 flag red");
            assertThat(again.headers().firstValue("Content-Type")).contains("text/plain");
            assertThat(server.get("/page/missing").statusCode()).isEqualTo(404);
            assertThat(server.get("/page/missing").body()).startsWith("run 3 hits 4");
            assertThat(server.get("/prepare").statusCode()).isEqualTo(200);
            var whole = server.get("/whole?a=1");
            assertThat(whole.statusCode()).isEqualTo(203);
            assertThat(whole.headers().firstValue("X-Cached")).contains("yes");
            assertThat(whole.body()).isEqualTo("from the cache");
            assertThat(server.get("/broken").body()).startsWith("run 5");
            server.awaitLine("check-cache: a value is no whole HTTP response");
        }
    }

    @Test
    void routesCalculateAndSetWhatApplicationsRead() throws Exception {
        Apps.write(directory, """
                import uwsgi
                def app(environ, start_response):
                    start_response('200 OK', [])
                    return [b'%d %s' % (uwsgi.cache_num('n'), uwsgi.cache_get('t'))]
                """);
        Files.writeString(directory.resolve("app.ini"), """
                [uwsgi]
                cache2 = name=c,items=100
                cache-use-last-modified = true
                stats = 127.0.0.1:0
                route = ^/calc cacheinc:key=n,name=c,value=12
                route = ^/calc cachedec:key=n,name=c,value=2
                route = ^/calc cachemul:key=n,name=c,value=6
                route = ^/calc cachediv:key=n,name=c,value=4
                route = ^/calc/(.*) cacheset:key=t,name=c,value=$1
                """);
        try (RunningServer server = serve("--ini", "app.ini").ready(1)) {
            assertThat(server.get("/calc/first").body()).isEqualTo("15 first");
            // What is there is not set again: (15 + 12 - 2) * 6 / 4.
            assertThat(server.get("/calc/second").body()).isEqualTo("37 first");
            assertThat(server.get("/").body()).isEqualTo("37 first");
            String address = server.awaitLine("stats bound on").replaceFirst(".*stats bound on ", "");
            try (var socket = new java.net.Socket("127.0.0.1", Integer.parseInt(address.replaceFirst(".*:", "")))) {
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .containsPattern("\"name\":\"c\",\"hash\":\"djb33x\",\"hashsize\":65535,\"keysize\":2048,"
                                + "\"max_items\":100,\"blocks\":100,\"blocksize\":65535,\"items\":2,\"hits\":[0-9]+,"
                                + "\"miss\":[0-9]+,\"full\":0,\"last_modified_at\":1[0-9]{9}");
            }
        }
    }

    @Test
    void aStoreOutlivesAServerThatIsKilled() throws Exception {
        Apps.write(directory, """
                import uwsgi
                def app(environ, start_response):
                    start_response('200 OK', [])
                    return [b'%s %s' % (str(uwsgi.cache_inc('n')).encode(), str(uwsgi.cache_num('n')).encode())]
                """);
        String spec = "name=c,items=100,store=" + directory.resolve("c.store");
        try (RunningServer server = serve("--cache2", spec).ready(1)) {
            assertThat(server.get("/").body()).isEqualTo("True 1");
            assertThat(server.get("/").body()).isEqualTo("True 2");
            await(() -> Files.readString(directory.resolve("c.store"), StandardCharsets.ISO_8859_1)
                    .contains("n\2\0"));
            server.signal("KILL");
            server.process().waitFor();
        }
        try (RunningServer server =
                serve("--cache2", spec, "--stats", "127.0.0.1:0").ready(1)) {
            assertThat(server.get("/").body()).isEqualTo("True 3");
            String address = server.awaitLine("stats bound on").replaceFirst(".*stats bound on ", "");
            try (var socket = new java.net.Socket("127.0.0.1", Integer.parseInt(address.replaceFirst(".*:", "")))) {
                String stats = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(stats)
                        .contains("\"caches\":[{\"name\":\"c\",\"hash\":\"djb33x\"", "\"items\":1", "\"hits\":1");
            }
        }
    }

    private static final String REMOTE = """
            import uwsgi
            def app(environ, start_response):
                start_response('200 OK', [])
                at = environ['QUERY_STRING']
                big = b'y' * 60000
                said = [uwsgi.cache_get('none', at), uwsgi.cache_set('k', b'\\0v\\xff', 0, at), uwsgi.cache_get('k', at),
                        uwsgi.cache_set('k', b'w', 0, at), uwsgi.cache_update('k', big, 60, at),
                        uwsgi.cache_get('k', at) == big, uwsgi.cache_exists('k', at), uwsgi.cache_del('k', at),
                        uwsgi.cache_exists('k', at), uwsgi.cache_get('kept', at), uwsgi.cache_clear(at),
                        uwsgi.cache_get('kept', at)]
                return [repr(said).encode()]
            """;
    private static final String SAID =
            "[None, True, b'\\x00v\\xff', None, True, True, True, True, None, b'it', True, None]";

    @Test
    void serversAskEachOtherAndRealUwsgi() throws Exception {
        Apps.write(directory, REMOTE);
        String cache = "name=c,items=100,blocksize=65536";
        int http = ForeignServer.freePort();
        int socket = ForeignServer.freePort();
        try (RunningServer server = serve("--cache2", cache, "--add-cache-item", "c kept=it", "--socket", "127.0.0.1:0")
                        .ready(1);
                ForeignServer ignored = ForeignServer.uwsgi(
                        directory,
                        http,
                        "cache",
                        "--socket",
                        "127.0.0.1:" + socket,
                        "--cache2",
                        cache,
                        "--add-cache-item",
                        "c kept=it",
                        "--wsgi-file",
                        directory.resolve("app.py").toString(),
                        "--callable",
                        "app",
                        "--processes",
                        "2")) {
            String own = server.awaitLine("uwsgi bound on").replaceFirst(".*[:](\\d+).*", "$1");
            assertThat(server.get("/?c@127.0.0.1:" + socket).body()).isEqualTo(SAID);
            try (var answer = URI.create("http://127.0.0.1:" + http + "/?c@127.0.0.1:" + own)
                    .toURL()
                    .openStream()) {
                assertThat(new String(answer.readAllBytes(), StandardCharsets.ISO_8859_1))
                        .isEqualTo(SAID);
            }
        }
    }

    @Test
    void whoIsNotTrustedLearnsNothingOfACache() throws Exception {
        Apps.write(directory, REMOTE);
        try (RunningServer server = serve(
                        "--cache2",
                        "name=c,items=100",
                        "--add-cache-item",
                        "c kept=it",
                        "--socket",
                        "127.0.0.1:0",
                        "--trusted-proxies",
                        "192.0.2.1")
                .ready(1)) {
            String own = server.awaitLine("uwsgi bound on").replaceFirst(".*[:](\\d+).*", "$1");
            try (var socket = new java.net.Socket("127.0.0.1", Integer.parseInt(own))) {
                byte[] block = "\003\000cmd\003\000get\003\000key\004\000kept".getBytes(StandardCharsets.ISO_8859_1);
                socket.getOutputStream().write(new byte[] {111, (byte) block.length, 0, 17});
                socket.getOutputStream().write(block);
                assertThat(socket.getInputStream().readAllBytes()).isEmpty();
            }
            server.awaitLine("untrusted-cache-packet");
            assertThat(server.get("/?c@127.0.0.1:" + own).body()).startsWith("[None, None, None");
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("time").isLessThan(end);
        }
    }
}
