package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What applications reach by {@code import uwsgi}, from every worker of a real server. */
class UwsgiModuleIT {
    /** Evaluates the query string, and says which process has done it. */
    private static final String EVALUATING = """
            import os, threading, time, urllib.parse
            import uwsgi
            from uwsgidecorators import harakiri, lock, postfork

            uwsgi.cache_set('imported', 'in ' + str(uwsgi.worker_id()))
            started = []

            @postfork
            def begin():
                started.append(uwsgi.worker_id())
                uwsgi.cache_inc('forks')
                uwsgi.atexit = lambda: print('atexit of', uwsgi.worker_id(), flush=True)

            @lock
            def exclusive(seconds):
                mine = uwsgi.cache_get('inside')
                uwsgi.cache_update('inside', 'yes')
                time.sleep(seconds)
                uwsgi.cache_del('inside')
                return mine

            @harakiri(1)
            def limited(seconds):
                time.sleep(seconds)

            def in_thread(function, *arguments):
                results = []
                thread = threading.Thread(target=lambda: results.append(function(*arguments)))
                thread.start()
                thread.join()
                return results

            def app(environ, start_response):
                text = urllib.parse.unquote(environ['QUERY_STRING'])
                try:
                    answer = repr(eval(text))
                except Exception as error:
                    answer = '%s: %s' % (type(error).__name__, error)
                start_response('200 OK', [('X-Pid', str(os.getpid()))])
                return [answer.encode()]
            """;

    @TempDir
    Path directory;

    private RunningServer serve(String... more) throws Exception {
        Apps.write(directory, EVALUATING);
        List<String> all = new ArrayList<>(List.of(
                "--http", "127.0.0.1:0", "--callable", "app", "--wsgi-file", "app.py", "--python", Apps.PYTHON));
        all.addAll(List.of(more));
        return RunningServer.start(directory, all.toArray(String[]::new));
    }

    private static String eval(RunningServer server, String expression) throws Exception {
        return server.get("/?"
                        + java.net.URLEncoder.encode(expression, java.nio.charset.StandardCharsets.UTF_8)
                                .replace("+", "%20"))
                .body();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("time").isLessThan(end);
        }
    }

    @Test
    void cachesHaveOneViewInAllWorkersAndSurviveReloads() throws Exception {
        try (RunningServer server = serve(
                        "--processes", "2", "--cache2", "name=c,items=100", "--cache2", "name=d,items=5,purge_lru=1")
                .ready(2)) {
            assertThat(eval(server, "uwsgi.cache_get('imported')")).isEqualTo("b'in 0'");
            assertThat(eval(server, "uwsgi.cache_num('forks'), started[0] == uwsgi.worker_id()"))
                    .isEqualTo("(2, True)");
            assertThat(eval(server, "uwsgi.cache_set('k', b'v\\0\\xff'), uwsgi.cache_set('k', 'w')"))
                    .isEqualTo("(True, None)");
            Set<String> pids = new HashSet<>();
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                await(() -> {
                    List<CompletableFuture<String>> asked = new ArrayList<>();
                    for (int i = 0; i < 8; i++) {
                        asked.add(CompletableFuture.supplyAsync(
                                () -> {
                                    try {
                                        return eval(
                                                server,
                                                "time.sleep(0.02), os.getpid(), uwsgi.cache_get('k', 'c'), in_thread(uwsgi.cache_get, 'k')");
                                    } catch (Exception e) {
                                        throw new IllegalStateException(e);
                                    }
                                },
                                clients));
                    }
                    for (CompletableFuture<String> one : asked) {
                        assertThat(one.join()).contains("b'v\\x00\\xff', [b'v\\x00\\xff']");
                        pids.add(one.join().split(", ", -1)[1]);
                    }
                    return pids.size() == 2;
                });
            }
            assertThat(eval(server, "uwsgi.cache_keys('d'), uwsgi.cache_keys('x')"))
                    .isEqualTo("ValueError: no local uWSGI cache available");
            int from = server.logSize();
            assertThat(eval(server, "uwsgi.reload()")).isEqualTo("True");
            server.awaitWorker(1, from);
            server.awaitWorker(2, from);
            await(() -> eval(server, "uwsgi.cache_num('forks')").equals("4"));
            assertThat(eval(server, "uwsgi.cache_get('k')")).isEqualTo("b'v\\x00\\xff'");
            server.awaitLine("atexit of 1");
            assertThat(eval(
                            server,
                            "len(uwsgi.cache_get('big') or b''), uwsgi.cache_set('big', 'x' * 65535),"
                                    + " len(uwsgi.cache_get('big')), uwsgi.cache_set('bigger', 'x' * 65536)"))
                    .isEqualTo("(0, True, 65535, None)");
            CompletableFuture<String> last = CompletableFuture.supplyAsync(
                    () -> unchecked(server, "print('the last', flush=True), time.sleep(1), uwsgi.cache_get('k')"));
            server.awaitLine("the last");
            server.signal("TERM");
            assertThat(last.join()).isEqualTo("(None, None, b'v\\x00\\xff')");
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void theModuleTellsOfTheServerAndTheRequest() throws Exception {
        try (RunningServer server = serve(
                        "--processes",
                        "2",
                        "--threads",
                        "2",
                        "--cache2",
                        "name=c,items=100",
                        "--set",
                        "colour=blue",
                        "--locks",
                        "1",
                        "--log-format",
                        "%(uri) logvar=%(who)",
                        "--pidfile",
                        directory.resolve("pid").toString())
                .ready(2)) {
            assertThat(eval(server, "uwsgi.masterpid()")).isEqualTo(Long.toString(server.pid()));
            assertThat(eval(server, "uwsgi.opt['colour'], uwsgi.opt['cache2'], uwsgi.opt['threads']"))
                    .isEqualTo("(b'blue', b'name=c,items=100', b'2')");
            assertThat(eval(server, "uwsgi.numproc, uwsgi.cores, uwsgi.worker_id() in (1, 2), uwsgi.ready()"))
                    .isEqualTo("(2, 2, True, True)");
            assertThat(eval(
                            server,
                            "[w['id'] for w in uwsgi.workers()], sum(w['requests'] for w in uwsgi.workers()) > 0"))
                    .isEqualTo("([1, 2], True)");
            assertThat(eval(server, "uwsgi.total_requests() > 2, uwsgi.request_id() >= 0"))
                    .isEqualTo("(True, True)");
            assertThat(eval(server, "hasattr(uwsgi, 'spool'), hasattr(uwsgi, 'rpc'), hasattr(uwsgi, 'cache_get')"))
                    .isEqualTo("(False, False, True)");
            assertThat(eval(server, "uwsgi.set_logvar('who', 'mé'.encode('latin-1')), uwsgi.get_logvar('who')"))
                    .isEqualTo("(None, b'm\\xe9')");
            server.awaitLine(line -> line.contains("logvar=m"));
            assertThat(eval(
                            server,
                            "uwsgi.lock(1), uwsgi.is_locked(1), uwsgi.is_locked(0), uwsgi.unlock(1), uwsgi.lock(2)"))
                    .isEqualTo("ValueError: Invalid lock number");
            assertThat(eval(server, "uwsgi.is_locked(1)")).isEqualTo("False");
        }
    }

    @Test
    void aLockIsFreeAgainWhenItsProcessIsKilled() throws Exception {
        try (RunningServer server = serve("--processes", "2", "--cache2", "name=c,items=100")
                        .ready(2);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<String>> asked = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                asked.add(CompletableFuture.supplyAsync(() -> unchecked(server, "exclusive(0.2)"), clients));
            }
            for (CompletableFuture<String> one : asked) {
                assertThat(one.join()).isEqualTo("None");
            }
            String pid = eval(server, "uwsgi.lock(), os.getpid()").replaceAll("\\D", "");
            assertThat(eval(server, "uwsgi.is_locked()")).isEqualTo("True");
            assertThat(new ProcessBuilder("kill", "-9", pid).start().waitFor()).isZero();
            server.awaitLine("killed by signal");
            assertThat(eval(server, "exclusive(0), uwsgi.is_locked()")).isEqualTo("(None, False)");
        }
    }

    private static String unchecked(RunningServer server, String expression) {
        try {
            return eval(server, expression);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRequestThatOverrunsItsOwnDeadlineIsEndedAndOthersAreNot() throws Exception {
        try (RunningServer server = serve("--cache2", "name=c,items=100").ready(1)) {
            assertThat(eval(server, "limited(0.01)")).isEqualTo("None");
            var answer = server.get("/?limited(20)");
            assertThat(answer.statusCode()).isEqualTo(504);
            server.awaitLine(line -> line.contains("harakiri: request=") && line.contains("set_user_harakiri"));
            server.awaitLine("time.sleep(seconds)");
            assertThat(eval(server, "time.sleep(1.3)")).isEqualTo("None");
        }
    }
}
