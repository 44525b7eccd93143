package io.juwsgi.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CommandsTest {
    @TempDir
    Path temporary;

    private Stage stage;
    private Path fifo;
    private Path pidfile;

    @BeforeEach
    void setUp() {
        stage = new Stage(temporary);
        fifo = temporary.resolve("fifo");
        pidfile = temporary.resolve("pid");
        stage.control = new ControlOptions.Control(List.of(pidfile), List.of(fifo), true);
    }

    @AfterEach
    void tearDown() throws Exception {
        stage.close();
    }

    @Test
    void lettersReloadWholeOrInPart() throws Exception {
        stage.serve();
        Files.writeString(fifo, "r");
        stage.router.await("READY", 1, 2);
        stage.router.await("GONE", 0, 2);
        Files.writeString(fifo, "w\n");
        stage.router.await("GONE", 1, 2);
        Files.writeString(fifo, "W\n");
        stage.router.await("READY", 1, 6);
        Files.writeString(fifo, "c");
        stage.router.await("READY", 2, 2);
        Files.writeString(fifo, "R");
        stage.log.await("...brutally reloading workers...");
        stage.router.await("READY", 3, 2);
    }

    @Test
    void severalLettersMayComeTogether() throws Exception {
        stage.serve();
        Files.delete(pidfile);
        Files.writeString(fifo, "sP+?\n");
        stage.log.await("*** statistics: ");
        assertThat(stage.router.await("READY", 0, 3).id()).isEqualTo(3);
        assertThat(pidfile).exists();
        stage.log.await("master-fifo: command '?' does nothing here");
        Files.writeString(fifo, "-");
        assertThat(stage.router.await("GONE", 0, 1).id()).isEqualTo(3);
    }

    @Test
    void lettersForTheLogOpenItsFilesAgainAndPutThemAside() throws Exception {
        stage.serve();
        Files.writeString(fifo, "lL");
        stage.log.await("(opened again)");
        stage.log.await("(put aside)");
    }

    @Test
    void lettersThatNeedAnotherKindOfServerSayWhich() throws Exception {
        stage.serve();
        Files.writeString(fifo, "EBS");
        stage.log.await("master-fifo: E: this is no emperor");
        stage.log.await("master-fifo: B: no emperor here sends reinforcements");
        stage.log.await("master-fifo: S: this server subscribes nowhere");
    }

    @Test
    void qStopsAndTakesPipeAndPidfileAway() throws Exception {
        stage.serve();
        Files.writeString(fifo, "q");
        assertThat(stage.exit()).isZero();
        assertThat(fifo).doesNotExist();
        assertThat(pidfile).doesNotExist();
    }

    @Test
    void anOrdinaryFileIsNotTakenForAPipe() throws Exception {
        Files.writeString(fifo, "precious");
        assertThatThrownBy(() -> stage.start())
                .isInstanceOf(ConfigException.class)
                .hasMessage("master-fifo: cannot make " + fifo + ": there is a file, which is no named pipe");
        assertThat(fifo).hasContent("precious");
        stage.boots.clear();
    }
}
