package io.juwsgi.router.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.balance.FleetLimits.Claim;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a gateway says that it holds and wants. */
class FleetShareTest {
    private final AtomicInteger lacks = new AtomicInteger();
    private final AtomicInteger free = new AtomicInteger();
    private final FleetShare share = new FleetShare("a:1", lacks::incrementAndGet, free::incrementAndGet);

    private Claim claim() {
        return share.claim("app", 10, 0);
    }

    private void take(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(share.take()).isTrue();
        }
    }

    @Test
    void whatWasNotGivenIsNotHeld() {
        take(1);
        assertThat(share.take()).isFalse();
        assertThat(claim().held()).isEqualTo(1);
        share.end();
        assertThat(claim().held()).isZero();
        share.given(4);
        assertThat(claim().held()).isEqualTo(4);
        take(4);
        share.given(1);
        assertThat(claim().held()).as("under way").isEqualTo(4);
        assertThat(share.hasRoom()).isFalse();
    }

    @Test
    void whatIsWantedRisesAtOnceAndSinksSlowly() {
        share.given(8);
        take(5);
        assertThat(claim().wanted()).isEqualTo(5);
        assertThat(share.claim("app", 10, 6).wanted())
                .as("with those that wait")
                .isEqualTo(11);
        for (int i = 0; i < 5; i++) {
            share.end();
        }
        assertThat(claim().wanted()).as("the most since the last claim").isEqualTo(9);
        assertThat(claim().wanted()).isEqualTo(7);
        for (int i = 0; i < 10; i++) {
            claim();
        }
        assertThat(claim().wanted()).isZero();
    }

    @Test
    void whoFindsNoRoomWantsMore() {
        share.given(4);
        take(4);
        assertThat(share.hasRoom()).isFalse();
        assertThat(claim().wanted()).as("some went elsewhere").isEqualTo(7);
        for (int i = 0; i < 9; i++) {
            share.turnedAway();
        }
        assertThat(lacks).as("told once between two claims").hasValue(1);
        assertThat(claim().wanted()).isEqualTo(13);
        share.turnedAway();
        assertThat(lacks).hasValue(2);
    }

    @Test
    void whatIsFreeOthersHearAtOnce() {
        share.given(3);
        take(3);
        share.given(1);
        share.letGo();
        share.end();
        assertThat(free).as("2 are under way").hasValue(0);
        share.end();
        assertThat(free).hasValue(1);
        share.end();
        share.given(0);
        share.letGo();
        assertThat(free).as("nothing was in the way").hasValue(2);
    }

    @Test
    void oneClaimAtATimeAndOneMoreBetweenTwo() {
        assertThat(share.ask()).isTrue();
        assertThat(share.ask()).isFalse();
        assertThat(share.askInBetween()).isFalse();
        share.asked();
        assertThat(share.askInBetween()).isTrue();
        share.asked();
        assertThat(share.askInBetween()).isFalse();
        assertThat(share.ask()).isTrue();
    }

    @Test
    void manyThreadsTakeNoMoreThanThereIs() throws Exception {
        share.given(7);
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            Thread.startVirtualThread(() -> {
                for (int turn = 0; turn < 20_000; turn++) {
                    if (share.take()) {
                        most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                        underWay.decrementAndGet();
                        share.end();
                    }
                }
                done.countDown();
            });
        }
        done.await();
        assertThat(most.get()).isBetween(1, 7);
        assertThat(share.idle()).isTrue();
    }
}
