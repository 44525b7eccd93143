package io.juwsgi.master;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
    @Test
    void readsPagesAndKibibytes() {
        assertThat(ProcessMemory.fromStatm("100 25 3 4 0 5 0\n")).isEqualTo(new ProcessMemory(25 * 4096, 100 * 4096));
        assertThat(ProcessMemory.fromStatus("Name:\tx\nVmSize:\t   400 kB\nVmRSS:\t   100 kB\n"))
                .isEqualTo(new ProcessMemory(100 * 1024, 400 * 1024));
    }

    @Test
    void knowsNothingOfAProcessThatIsNot() {
        assertThat(ProcessMemory.of(0)).isEqualTo(new ProcessMemory(0, 0));
        assertThat(ProcessMemory.of(4_194_305)).isEqualTo(new ProcessMemory(0, 0));
        assertThat(ProcessMemory.fromStatm("")).isEqualTo(new ProcessMemory(0, 0));
        assertThat(ProcessMemory.fromStatus("Name:\tzombie\n")).isEqualTo(new ProcessMemory(0, 0));
    }

    @Test
    void agreesWithItselfOnALivingProcess() {
        ProcessMemory memory = ProcessMemory.of(ProcessHandle.current().pid());
        assertThat(memory.rss()).isGreaterThan(1 << 20);
        assertThat(memory.vsz()).isGreaterThan(memory.rss());
    }
}
