package io.juwsgi.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.master.Worker.State;
import io.juwsgi.processes.ExitStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerTest {
    private static final List<String> ALLOWED = List.of(
            "SPAWNING READY",
            "SPAWNING KILLED",
            "SPAWNING GONE",
            "READY DRAINING",
            "READY GONE",
            "DRAINING STOPPING",
            "DRAINING KILLED",
            "DRAINING GONE",
            "STOPPING KILLED",
            "STOPPING GONE",
            "KILLED GONE");

    private static Worker in(State state) {
        Worker worker = new Worker(1, 0, 1, 0);
        List<State> way = switch (state) {
            case SPAWNING -> List.of();
            case READY -> List.of(State.READY);
            case DRAINING -> List.of(State.READY, State.DRAINING);
            case STOPPING -> List.of(State.READY, State.DRAINING, State.STOPPING);
            case KILLED -> List.of(State.KILLED);
            case GONE -> List.of(State.GONE);
        };
        way.forEach(worker::to);
        return worker;
    }

    @Test
    void takesOnlyTheArrowsOfTheProcessModel() {
        for (State from : State.values()) {
            for (State to : State.values()) {
                Worker worker = in(from);
                if (ALLOWED.contains(from + " " + to)) {
                    worker.to(to);
                    assertThat(worker.state()).isEqualTo(to);
                } else {
                    assertThatThrownBy(() -> worker.to(to))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("to " + to + " (expected: one of ");
                    assertThat(worker.state()).isEqualTo(from);
                }
            }
        }
    }

    @Test
    void forgetsTheDeadlineOfTheStateBefore() {
        Worker worker = in(State.SPAWNING);
        worker.deadline().in(Duration.ofSeconds(1), 0);
        worker.to(State.READY);
        assertThat(worker.deadline().isSet()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, exit code 0",
        "768, exit code 3",
        "9, killed by signal 9 (SIGKILL)",
        "139, killed by signal 11 (SIGSEGV)"
    })
    void readsWaitStatus(int status, String text) {
        assertThat(ExitStatus.ofWait(status)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({"0, exit code 0", "3, exit code 3", "137, killed by signal 9 (SIGKILL)", "255, exit code 255"})
    void readsExitValues(int value, String text) {
        assertThat(ExitStatus.ofProcess(value)).hasToString(text);
    }

    @Test
    void knowsLikelyCauses() {
        assertThat(ExitStatus.ofWait(9).likelyCause()).contains("out of memory");
        assertThat(ExitStatus.ofWait(11).likelyCause()).contains("C extension");
        assertThat(ExitStatus.ofWait(0).likelyCause()).isEmpty();
    }
}
