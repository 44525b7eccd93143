package io.juwsgi.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.processes.OutputPump;
import io.juwsgi.spi.worker.ZygoteCommand;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BootTest {
    private static final ProcessPlan PLAN = new ProcessPlan(
            1,
            1,
            Duration.ZERO,
            false,
            false,
            ControlOptions.Control.NONE,
            Recycling.NONE,
            List.of(),
            Elastic.fixed(1));
    private static final ZygoteCommand NO_PYTHON = new ZygoteCommand(
            List.of("/no/such/python"), Map.of(), Path.of("/"), ByteBuffer.allocate(0), "/no/such/python app");

    @TempDir
    Path temporary;

    private Stage stage;

    @BeforeEach
    void setUp() {
        stage = new Stage(temporary);
    }

    @AfterEach
    void tearDown() throws Exception {
        stage.close();
    }

    @Test
    void exitsWith1AfterOneTracebackWhenTheApplicationCannotBeImported() throws Exception {
        stage.boots("\"boot\": \"fail\"").start();
        assertThat(stage.booted()).isEqualTo(new BootResult.Failed(1, "ImportError: no module named app"));
        assertThat(stage.exit()).isEqualTo(1);
        assertThat(stage.log.all())
                .containsSubsequence(
                        "Traceback (most recent call last): ImportError",
                        "the application cannot be loaded: ImportError: no module named app",
                        "goodbye to juwsgi.")
                .filteredOn(line -> line.contains("ImportError"))
                .hasSize(2);
        assertThat(stage.router.story()).containsExactly("STARTING", "UNAVAILABLE");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void exitsWithTheCodeThatTheZygoteGives() throws Exception {
        stage.boots("\"boot\": \"fail\", \"exit_code\": 22").start();
        assertThat(stage.exit()).isEqualTo(22);
    }

    @Test
    void exitsWith1WhenTheZygoteEndsBeforeItHasLoaded() throws Exception {
        stage.boots("\"boot\": \"exit\", \"exit_code\": 7, \"output\": [\"No module named juwsgi_worker\"]")
                .start();
        assertThat(stage.exit()).isEqualTo(1);
        assertThat(stage.log.all())
                .containsSubsequence(
                        "No module named juwsgi_worker",
                        "the application cannot be loaded: the process that loads the application ended too early:"
                                + " exit code 7");
    }

    @Test
    void exitsWith1WhenTheInterpreterCannotBeStarted() throws Exception {
        Master master = new Master(
                PLAN,
                Stage.SHORT,
                stage.log,
                stage.directory,
                anew -> new Blueprint(PLAN, Optional.of(NO_PYTHON), () -> {}),
                () -> CompletableFuture.completedFuture(null));
        master.start();
        assertThat(master.exit().toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isEqualTo(1);
        stage.log.await("cannot start /no/such/python app: ");
    }

    @Test
    void exitsWhenALazyWorkerCannotLoad() throws Exception {
        stage.lazy = true;
        stage.needApp = true;
        stage.boots("\"worker\": \"failed\"").start();
        assertThat(stage.booted()).isInstanceOf(BootResult.Failed.class);
        assertThat(stage.exit()).isEqualTo(22);
    }

    @Test
    void exitsWhenWorkersEndBeforeTheyAreReady() throws Exception {
        stage.boots("\"worker\": \"early\"").start();
        assertThat(stage.exit()).isEqualTo(1);
        stage.log.await("the application cannot be loaded: workers end before they are ready: exit code 3");
    }

    @Test
    void staysUpWithNothingToLoadAndLoadsAtAReload() throws Exception {
        Master master = stage.boots("nothing", "").start();
        assertThat(stage.booted()).isEqualTo(new BootResult.NothingToLoad());
        stage.router.await(n -> n.what().equals("UNAVAILABLE"), 1);
        master.reload();
        stage.router.await("READY", 0, 2);
        stage.router.await(n -> n.what().equals("SERVING"), 1);
    }

    @Test
    void staysUpWhenTheZygoteFindsNothing() throws Exception {
        stage.boots("\"boot\": \"empty\"").start();
        assertThat(stage.booted()).isEqualTo(new BootResult.NothingToLoad());
        stage.log.await("no application to load: nothing is served until a reload finds one");
    }

    @Test
    void exitsWith22WhenThereIsNothingAndAnApplicationIsNeeded() throws Exception {
        stage.needApp = true;
        stage.boots("nothing").start();
        assertThat(stage.booted()).isEqualTo(new BootResult.Failed(22, "no application to load"));
        assertThat(stage.exit()).isEqualTo(22);
    }

    @Test
    void stopsWhileTheApplicationIsBeingImported() throws Exception {
        Master master =
                stage.boots("\"boot\": \"hang\", \"output\": [\"importing\"]").start();
        stage.log.await("importing");
        master.stop(StopMode.GRACEFUL);
        assertThat(stage.exit()).isZero();
    }

    @Test
    void refusesToStartWithAConfigurationMistakeAndLeavesNothing() {
        Master master = new Master(
                PLAN,
                Stage.SHORT,
                stage.log,
                stage.directory,
                anew -> {
                    throw new ConfigException("wsgi-file: no such file: app.py");
                },
                () -> CompletableFuture.completedFuture(null));
        assertThatThrownBy(master::start)
                .isInstanceOf(ConfigException.class)
                .hasMessage("wsgi-file: no such file: app.py");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void toleratesOutputThatIsNoTextAndHasNoEnd() throws Exception {
        String longLine = "x".repeat(OutputPump.MAX_LINE + 5);
        stage.boots("\"output\": [\"\\u00ff\\u00fe caf\\u00c3\\u00a9\", \"" + longLine + "\"]")
                .serve();
        stage.log.await("\uFFFD\uFFFD caf\u00e9");
        assertThat(stage.log.await("xxxxxxxxxx")).hasSize(OutputPump.MAX_LINE);
        assertThat(stage.log.all()).contains("xxxxx");
    }
}
