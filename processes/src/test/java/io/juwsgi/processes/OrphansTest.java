package io.juwsgi.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** This process adopts orphans, as process 1 of a container does. */
@Timeout(120)
class OrphansTest {
    private static final int PR_SET_CHILD_SUBREAPER = 36;

    @BeforeEach
    void adopt() throws Throwable {
        subreaper(1);
    }

    @AfterEach
    void adoptNoMore() throws Throwable {
        subreaper(0);
    }

    private static void subreaper(long on) throws Throwable {
        Linker linker = Linker.nativeLinker();
        int result = (int) linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("prctl"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG))
                .invokeExact(PR_SET_CHILD_SUBREAPER, on, 0L, 0L, 0L);
        assertThat(result).isZero();
    }

    @Test
    void waitsForOrphansAndNotForChildrenOfItsOwn() throws Exception {
        Process own = new ProcessBuilder("sleep", "600").start();
        // The shell ends at once, its child a moment later.
        Process shell = new ProcessBuilder("sh", "-c", "sleep 0.1 & echo $!").start();
        long orphan =
                Long.parseLong(new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
        Orphans orphans = new Orphans();
        long end = System.nanoTime() + 30_000_000_000L;
        while (Files.exists(Path.of("/proc/" + orphan)) && System.nanoTime() - end < 0) {
            orphans.look();
            Thread.onSpinWait();
        }
        assertThat(Path.of("/proc/" + orphan)).doesNotExist();
        own.destroy();
        assertThat(own.waitFor()).isEqualTo(143);
    }
}
