package io.juwsgi.plugin.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When Redis is asked, and what the log says of it. */
class BreakerTest {
    private final List<String> lines = new ArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();
    private long now;
    private final Breaker breaker = new Breaker("reading", new Lines(), () -> now);

    private boolean call(boolean works) {
        CompletionStage<String> stage = breaker.call(() -> {
            calls.incrementAndGet();
            return works
                    ? CompletableFuture.completedStage("x")
                    : CompletableFuture.failedStage(new IllegalStateException("refused\nmore"));
        });
        return !stage.toCompletableFuture().isCompletedExceptionally();
    }

    @Test
    void opensAfterSomeFailuresAndSaysSoOnce() {
        for (int i = 0; i < 10; i++) {
            assertThat(call(false)).isFalse();
        }
        assertThat(calls).hasValue(Breaker.FAILURES);
        assertThat(lines).containsExactly("WARNING reading fails, so the cache goes on without it: refused");
    }

    @Test
    void triesAgainOnceInAWhileAndSeesARecovery() {
        for (int i = 0; i < Breaker.FAILURES; i++) {
            call(false);
        }
        now += Breaker.RETRY_NANOS;
        call(false);
        call(false);
        assertThat(calls).hasValue(Breaker.FAILURES + 1);
        now += Breaker.RETRY_NANOS;
        assertThat(call(true)).isTrue();
        assertThat(call(true)).isTrue();
        assertThat(lines).hasSize(2).last().isEqualTo("INFO reading works again");
    }

    @Test
    void failuresBetweenSuccessesAreAccidents() {
        for (int i = 0; i < 10; i++) {
            call(false);
            call(true);
        }
        assertThat(calls).hasValue(20);
        assertThat(lines).isEmpty();
    }

    private final class Lines implements System.Logger {
        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
            lines.add(level + " " + text);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
            lines.add(level + " " + format);
        }
    }
}
