package io.juwsgi.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cache.Site.Answer;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.testkit.TestRequest;
import io.juwsgi.testkit.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Responses that are too large for memory, in files. */
class LargeResponsesTest {
    private static final String LARGE = "0123456789".repeat(1000);

    @TempDir
    Path parent;

    private Path directory;
    private Site site;

    @BeforeEach
    void open() {
        directory = parent.resolve("cache");
        site = site();
    }

    @AfterEach
    void close() throws Exception {
        site.cache().close();
    }

    private Site site() {
        return new Site(
                "--http-cache-max-entry=1k",
                "--http-cache-disk=" + directory,
                "--http-cache-disk-size=100k",
                "--http-cache-disk-max-entry=20k");
    }

    private List<Path> files() {
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitFiles(int count) {
        Waiting.until(
                count + " files",
                () -> files().stream()
                                .filter(file -> file.toString().endsWith(".entry"))
                                .count()
                        == count);
    }

    private void store(String target) {
        site.answers(200, LARGE, "Cache-Control", "max-age=60", "ETag", "\"1\"");
        assertThat(site.get(target).text()).isEqualTo(LARGE);
    }

    /** The file has its name before the index has it. */
    private Answer awaitHit(Site where, String target) {
        Answer[] last = new Answer[1];
        Waiting.until("a hit", () -> {
            last[0] = where.get(target, "Cache-Control", "only-if-cached");
            return last[0].exchange().complete();
        });
        return last[0];
    }

    @Test
    void aLargeResponseIsAnsweredFromItsFile() throws Exception {
        store("/");
        Answer hit = awaitHit(site, "/");
        assertThat(hit.text()).isEqualTo(LARGE);
        assertThat(hit.field("Content-Length")).isEqualTo("10000");
        Answer part = site.send(TestRequest.get("/").field("Range", "bytes=9998-"));
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.text()).isEqualTo("89");
        assertThat(site.get("/", "If-None-Match", "\"1\"").status()).isEqualTo(304);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files().getFirst())))
                .isEqualTo("rw-------");
    }

    @Test
    void itSurvivesARestart() throws Exception {
        store("/");
        awaitFiles(1);
        site.cache().close();
        site = site();
        assertThat(awaitHit(site, "/").text()).isEqualTo(LARGE);
        assertThat(site.asked()).isEmpty();
    }

    @Test
    void whatWasNotWholeOrIsDamagedIsDeletedAtTheStart() throws Exception {
        store("/");
        awaitFiles(1);
        site.cache().close();
        Path whole = files().getFirst();
        Files.write(whole, new byte[] {0}, StandardOpenOption.APPEND);
        Files.writeString(directory.resolve("x.entry"), "junk");
        Files.writeString(directory.resolve("x.partial"), "half");
        Path other = Files.writeString(directory.resolve("README"), "not the cache's");
        site = site();
        Waiting.until("the rest to go", () -> files().equals(List.of(other)));
    }

    @Test
    void whatIsForgottenLeavesNoFile() {
        store("/a");
        store("/b");
        awaitHit(site, "/a");
        awaitHit(site, "/b");
        awaitFiles(2);
        site.answers(204, "");
        site.send("POST", "/a");
        awaitFiles(1);
        assertThat(site.cache().control(List.of("purge-all"))).hasToString("{purged=1}");
        awaitFiles(0);
    }

    @Test
    void aNewVersionReplacesTheFile() {
        store("/");
        awaitHit(site, "/");
        site.seconds(61);
        site.answers(200, LARGE.replace('0', 'x'), "Cache-Control", "max-age=60");
        site.get("/");
        assertThat(awaitHit(site, "/").text()).startsWith("x123");
        awaitFiles(1);
        site.seconds(61);
        site.answers(200, "small now", "Cache-Control", "max-age=60");
        site.get("/");
        assertThat(site.get("/").text()).isEqualTo("small now");
        awaitFiles(0);
    }

    @Test
    void whatIsConfirmedKeepsItsFile() {
        store("/");
        awaitHit(site, "/");
        site.seconds(61);
        site.answers(304, "", "Cache-Control", "max-age=60", "ETag", "\"1\"");
        assertThat(site.get("/").text()).isEqualTo(LARGE);
        store("/other");
        awaitHit(site, "/other");
        site.answers(500, "");
        assertThat(site.get("/").text()).isEqualTo(LARGE);
    }

    @Test
    void whatIsPurgedSoftlyIsStaleAfterARestartToo() throws Exception {
        store("/");
        awaitHit(site, "/");
        assertThat(site.cache().control(List.of("purge-all", "--soft"))).hasToString("{marked-stale=1}");
        site.answers(304, "", "Cache-Control", "no-cache", "ETag", "\"1\"");
        assertThat(site.get("/").cacheStatus()).isEqualTo("juwsgi; fwd=stale; fwd-status=304");
        site.cache().close();
        site = site();
        site.answers(304, "", "Cache-Control", "max-age=60", "ETag", "\"1\"");
        Waiting.until("the file to be found", () -> site.cache().store().count() == 1);
        Answer answer = site.get("/");
        assertThat(answer.cacheStatus()).isEqualTo("juwsgi; fwd=stale; fwd-status=304");
        assertThat(answer.text()).isEqualTo(LARGE);
    }

    @Test
    void whatBeganToGoToDiskIsCompletedWithoutItsClient() {
        Exchange[] held = new Exchange[1];
        site.application(exchange -> held[0] = exchange);
        Answer answer = site.get("/");
        held[0].response().head(new Response(200, "OK", Fields.of("Cache-Control", "max-age=60")));
        held[0].response().data(Chunk.of(LARGE.getBytes(StandardCharsets.US_ASCII)));
        answer.exchange().clientGone();
        assertThat(held[0].ended()).isFalse();
        held[0].response().data(Chunk.of(new byte[] {'x'}));
        assertThat(site.cache().fillMemory().used()).isZero();
        held[0].response().end();
        assertThat(awaitHit(site, "/").text()).isEqualTo(LARGE + "x");
    }

    @Test
    void theRoomIsBounded() {
        for (int i = 0; i < 30; i++) {
            store("/" + i);
        }
        Waiting.until("the oldest to go", () -> files().size() <= 10);
    }

    @Test
    void whatIsTooLargeForTheDiskOrBreaksOffLeavesNothing() {
        site.answers(200, LARGE.repeat(3), "Cache-Control", "max-age=60");
        assertThat(site.get("/").text()).hasSize(30_000);
        site.application(exchange -> {
            exchange.response().head(new Response(200, "OK", Fields.of("Cache-Control", "max-age=60")));
            exchange.response().data(Chunk.of(new byte[10_000]));
            exchange.fail(Failure.upstream(502, "worker-died", "It died."));
        });
        site.get("/broken");
        site.answers(200, LARGE, "Cache-Control", "max-age=60", "Content-Length", "10001");
        site.get("/lies");
        Waiting.until("nothing to be left", () -> files().isEmpty());
    }

    @Test
    void aDirectoryThatGoesCostsOnlyTheCache() throws Exception {
        Files.delete(directory);
        store("/");
        Files.createDirectory(directory);
        store("/b");
        assertThat(awaitHit(site, "/b").text()).isEqualTo(LARGE);
        for (Path file : files()) {
            Files.delete(file);
        }
        assertThat(site.get("/b").text()).isEqualTo(LARGE);
    }
}
