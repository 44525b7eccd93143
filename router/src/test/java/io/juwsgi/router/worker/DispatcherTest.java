package io.juwsgi.router.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where requests go, on a clock that the test moves. */
final class DispatcherTest {
    private static final int FAST = 20;

    /** A core whose wire is a list. */
    private final class Slot implements Core.Wire {
        final Core core;
        final List<Call> sent = new ArrayList<>();
        int recalls;
        boolean hasSide = true;

        Slot(int worker, int number, Load load) {
            core = new Core(worker, number, load, this);
            core.open(true);
            dispatcher.join(core);
        }

        @Override
        public void transmit(Call call) {
            sent.add(call);
        }

        @Override
        public boolean recall() {
            recalls++;
            return hasSide;
        }

        @Override
        public void abandoned(Call call) {}

        /** Answers the oldest request. */
        void answer(int micros) {
            now += micros * 1000L;
            core.head().done();
            dispatcher.answered(core, micros);
            dispatcher.dispatch();
        }

        void answerAll(int micros) {
            while (!core.idle()) {
                answer(micros);
            }
        }

        /** Gives back everything behind the oldest request. */
        void giveBack() {
            List<Call> back = new ArrayList<>();
            for (Call call : sent) {
                if (call.place() == Call.Place.IN_FLIGHT && call.core() == core && call != core.head()) {
                    back.add(core.take(call.id()));
                }
            }
            dispatcher.recalled(core, back);
        }
    }

    private long now = 1_000_000_000;
    private long alarm = -1;
    private final Dispatcher dispatcher = new Dispatcher(() -> now, delay -> alarm = now + delay);
    private int ids;

    private Call get() {
        return add("GET");
    }

    private Call add(String method) {
        Call call = new Call(TestExchange.of(TestRequest.of(method, "/")), ++ids, ended -> {});
        dispatcher.add(call);
        return call;
    }

    private Slot[] workers(int count, int cores) {
        Slot[] slots = new Slot[count * cores];
        for (int w = 0; w < count; w++) {
            Load load = new Load();
            for (int c = 0; c < cores; c++) {
                slots[w * cores + c] = new Slot(w + 1, c, load);
            }
        }
        return slots;
    }

    /** Lets every worker earn full trust. */
    private void warm(Slot... slots) {
        for (Slot slot : slots) {
            for (int i = 0; i < 6 * Load.STEP; i++) {
                slot.core.load().answered(FAST);
            }
        }
    }

    private void passAlarm() {
        now = alarm;
        alarm = -1;
        dispatcher.watch();
    }

    @Test
    void startsWithOneRequestOnEachCoreAndSpreadsOverWorkers() {
        Slot[] s = workers(2, 2);
        for (int i = 0; i < 6; i++) {
            get();
        }

        assertThat(s[0].sent).hasSize(1);
        assertThat(s[1].sent).hasSize(1);
        assertThat(s[2].sent).hasSize(1);
        assertThat(s[3].sent).hasSize(1);
        assertThat(s[0].sent.getFirst().id()).isEqualTo(1);
        assertThat(s[2].sent.getFirst().id()).isEqualTo(2);
        assertThat(dispatcher.waiting()).isEqualTo(2);
        assertThat(alarm).isEqualTo(-1);
    }

    @Test
    void packsFastRequestsOnFewCores() {
        Slot[] s = workers(4, 2);
        warm(s);
        for (int i = 0; i < 64; i++) {
            get();
        }

        assertThat(s[0].sent).hasSize(Load.MAX_DEPTH);
        assertThat(s[2].sent).hasSize(Load.MAX_DEPTH);
        assertThat(dispatcher.waiting()).isZero();
    }

    @Test
    void leavesTheSecondThreadOfALockBoundWorkerAlone() {
        Slot[] s = workers(1, 2);
        warm(s);
        for (int i = 0; i < 40; i++) {
            get();
        }
        assertThat(s[0].sent).hasSize(Load.MAX_DEPTH);
        assertThat(s[1].sent).isEmpty();
        assertThat(dispatcher.waiting()).isEqualTo(8);

        s[0].answer(FAST);
        assertThat(s[0].sent).hasSize(Load.MAX_DEPTH + 1);
    }

    @Test
    void usesEveryIdleCoreBeforePackingRequestsThatTakeAFifthOfAMillisecond() {
        Slot[] s = workers(4, 1);
        for (Slot slot : s) {
            for (int i = 0; i < 100; i++) {
                slot.core.load().answered(200);
            }
        }
        for (int i = 0; i < 30; i++) {
            get();
        }

        for (Slot slot : s) {
            assertThat(slot.sent).hasSize(5);
            assertThat(slot.sent.getFirst().id()).isLessThanOrEqualTo(4);
        }
        assertThat(dispatcher.waiting()).isEqualTo(10);
    }

    @Test
    void spreadsSlowRequestsAndQueuesInTheGateway() {
        Slot[] s = workers(2, 2);
        for (Slot slot : s) {
            for (int i = 0; i < 100; i++) {
                slot.core.load().answered(20_000);
            }
        }
        for (int i = 0; i < 10; i++) {
            get();
        }
        for (Slot slot : s) {
            assertThat(slot.sent).hasSize(1);
        }

        s[3].answer(20_000);
        assertThat(s[3].sent).hasSize(2);
        assertThat(s[3].sent.get(1).id()).isEqualTo(5);
    }

    @Test
    void putsNothingBehindAndNothingUnsafeInLine() {
        Slot[] s = workers(2, 1);
        warm(s);
        get();
        add("POST");
        assertThat(s[1].sent).hasSize(1);
        add("POST");
        add("DELETE");

        assertThat(s[0].sent).hasSize(1);
        assertThat(s[1].sent).hasSize(1);
        assertThat(dispatcher.waiting()).isEqualTo(2);
        s[0].answer(FAST);
        assertThat(s[0].sent.getLast().id()).isEqualTo(3);
    }

    @Test
    void aStreamOfPackedRequestsDoesNotStarveOneThatNeedsAnIdleCore() {
        Slot[] s = workers(1, 1);
        warm(s);
        for (int i = 0; i < 5; i++) {
            get();
        }
        Call post = add("POST");
        for (int i = 0; i < 5; i++) {
            get();
            s[0].answer(FAST);
        }

        // The fifth answer emptied the core: the POST came first, then what had waited behind it.
        assertThat(s[0].sent).hasSize(11);
        assertThat(s[0].sent.get(5)).isSameAs(post);
        assertThat(dispatcher.waiting()).isZero();
    }

    @Test
    void requestsPassAWaitingPostOnCoresThatItWillNotGet() {
        Slot[] s = workers(2, 1);
        warm(s);
        for (int i = 0; i < Load.MAX_DEPTH + 3; i++) {
            get();
        }
        Call post = add("POST");
        get();
        get();

        assertThat(s[0].sent).hasSize(Load.MAX_DEPTH);
        assertThat(s[1].sent).hasSize(3);
        assertThat(dispatcher.waiting()).isEqualTo(3);
        s[0].answer(FAST);
        assertThat(s[0].sent).hasSize(Load.MAX_DEPTH + 1);
        s[1].answerAll(FAST);
        assertThat(s[1].sent).contains(post);
        assertThat(dispatcher.waiting()).isZero();
    }

    @Test
    void aCancelledPostFreesTheCoreThatWasKeptForIt() {
        Slot[] s = workers(1, 1);
        warm(s);
        get();
        Call post = add("POST");
        get();
        assertThat(s[0].sent).hasSize(1);

        dispatcher.cancel(post);
        dispatcher.dispatch();

        assertThat(s[0].sent).hasSize(2);
        assertThat(s[0].core.reserved()).isFalse();
    }

    @Test
    void sendsNothingBehindARequestThatHasRunForLong() {
        Slot[] s = workers(1, 2);
        warm(s);
        get();
        now += 2 * Dispatcher.STALL_NANOS;
        get();

        assertThat(s[0].sent).hasSize(1);
        assertThat(s[1].sent).hasSize(1);
    }

    @Test
    void sendsNothingBehindAResponseThatStreams() {
        Slot[] s = workers(1, 2);
        warm(s);
        Call first = get();
        first.responseBegins();
        get();

        assertThat(s[1].sent).hasSize(1);
    }

    @Test
    void recallsHostagesOnceAndSendsThemElsewhereInOrder() {
        Slot[] s = workers(2, 1);
        warm(s);
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            calls.add(get());
        }
        assertThat(s[0].sent).hasSize(10);

        passAlarm();
        assertThat(s[0].recalls).isEqualTo(1);
        assertThat(s[0].core.load().depth()).isEqualTo(1);
        now += Dispatcher.STALL_NANOS;
        dispatcher.watch();
        assertThat(s[0].recalls).isEqualTo(1);
        Call younger = get();
        assertThat(s[1].sent).containsExactly(younger);

        s[0].giveBack();
        List<Call> expected = new ArrayList<>(calls.subList(1, 10));
        expected.addFirst(younger);
        assertThat(s[1].sent).containsExactlyElementsOf(expected);
        assertThat(dispatcher.recalled()).isEqualTo(9);
        assertThat(s[0].core.held()).isEqualTo(1);
    }

    @Test
    void recalledRequestsStandInFrontOfThoseThatCameLater() {
        Slot[] s = workers(1, 1);
        warm(s);
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(get());
        }
        passAlarm();
        Call later = get();
        s[0].giveBack();
        assertThat(dispatcher.waiting()).isEqualTo(3);

        s[0].answerAll(5000);

        assertThat(s[0].sent)
                .containsExactly(calls.get(0), calls.get(1), calls.get(2), calls.get(1), calls.get(2), later);
    }

    @Test
    void earnsTrustBackWithFastAnswers() {
        Slot[] s = workers(1, 1);
        warm(s);
        get();
        get();
        passAlarm();
        s[0].giveBack();
        s[0].answer(3000);
        assertThat(s[0].core.load().depth()).isEqualTo(1);

        int answers = 0;
        while (s[0].core.load().depth() < Load.MAX_DEPTH) {
            get();
            s[0].answerAll(FAST);
            answers++;
        }
        assertThat(answers).isBetween(3 * Load.STEP, 12 * Load.STEP);
    }

    @Test
    void doesNotRecallWhileAnswersCome() {
        Slot[] s = workers(1, 1);
        warm(s);
        for (int i = 0; i < 10; i++) {
            get();
        }
        for (int i = 0; i < 5; i++) {
            now += Dispatcher.STALL_NANOS / 2;
            s[0].answer(FAST);
            dispatcher.watch();
        }

        assertThat(s[0].recalls).isZero();
    }

    @Test
    void doesNotTakeItsOwnDelayForAStall() {
        Slot[] s = workers(1, 1);
        warm(s);
        get();
        get();
        now = alarm + 5_000_000;
        dispatcher.watch();
        assertThat(s[0].recalls).isZero();

        passAlarm();
        assertThat(s[0].recalls).isEqualTo(1);
    }

    @Test
    void asksAgainWhenTheSideLinkWasNotThereYet() {
        Slot[] s = workers(1, 1);
        s[0].hasSide = false;
        warm(s);
        get();
        get();
        passAlarm();
        assertThat(s[0].recalls).isEqualTo(1);

        s[0].hasSide = true;
        passAlarm();
        assertThat(s[0].recalls).isEqualTo(2);
        s[0].giveBack();
        assertThat(dispatcher.waiting()).isEqualTo(1);
    }

    @Test
    void watchesOnWhenTheCoreKeptSomeOfTheRequests() {
        Slot[] s = workers(1, 1);
        warm(s);
        get();
        get();
        passAlarm();
        dispatcher.recalled(s[0].core, new ArrayList<>());
        assertThat(s[0].core.held()).isEqualTo(2);

        passAlarm();
        assertThat(s[0].recalls).isEqualTo(2);
    }

    @Test
    void noAlarmIsArmedWhereNothingWaitsBehindAnything() {
        Slot[] s = workers(1, 2);
        warm(s);
        get();
        add("POST");

        assertThat(alarm).isEqualTo(-1);
    }

    @Test
    void oneStuckCoreLeavesTheOthersServing() {
        Slot[] s = workers(1, 2);
        warm(s);
        get();
        s[0].core.stuck(true);
        for (int i = 0; i < 10; i++) {
            get();
            s[1].answerAll(FAST);
        }

        assertThat(s[0].sent).hasSize(1);
        assertThat(s[1].sent).hasSize(10);
    }

    @Test
    void oneSlowWorkerAmongFastOnesGetsFewRequests() {
        Slot[] s = workers(2, 1);
        warm(s);
        for (int i = 0; i < 20; i++) {
            s[0].core.load().answered(30_000);
        }
        for (int i = 0; i < 21; i++) {
            get();
        }

        assertThat(s[0].sent).hasSize(1);
        assertThat(s[1].sent).hasSize(20);
    }

    @Test
    void cancelledRequestsAreSweptOut() {
        for (int round = 0; round < 50; round++) {
            List<Call> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                calls.add(i % 2 == 0 ? get() : add("POST"));
            }
            calls.forEach(dispatcher::cancel);
        }
        assertThat(dispatcher.waiting()).isZero();
        assertThat(dispatcher.poll()).isNull();

        Slot[] s = workers(1, 1);
        Call call = get();
        assertThat(s[0].sent).containsExactly(call);
    }

    @Test
    void pollTakesTheOldestOfBothKinds() {
        Call a = add("POST");
        Call b = get();
        Call c = add("POST");
        Call d = get();

        assertThat(List.of(dispatcher.poll(), dispatcher.poll(), dispatcher.poll(), dispatcher.poll()))
                .containsExactly(a, b, c, d);
        assertThat(dispatcher.poll()).isNull();
    }

    @Test
    void aCoreThatLeavesTakesItsReservationAlong() {
        Slot[] s = workers(2, 1);
        warm(s);
        add("POST");
        add("POST");
        Call waiting = add("POST");
        assertThat(s[0].core.reserved()).isTrue();

        dispatcher.leave(s[0].core);
        dispatcher.dispatch();
        assertThat(s[1].core.reserved()).isTrue();
        s[1].answer(FAST);

        assertThat(s[1].sent).contains(waiting);
        assertThat(s[1].core.reserved()).isFalse();
    }

    /** Whatever happens in whatever order: each request is answered exactly once, and nothing is forgotten. */
    @Test
    void everyRequestIsAnsweredExactlyOnceInARandomRun() {
        java.util.Random random = new java.util.Random(42);
        Slot[] s = workers(3, 2);
        List<Call> calls = new ArrayList<>();
        int[] answers = new int[20_001];
        for (int step = 0; step < 100_000; step++) {
            now += random.nextInt(300_000);
            Slot slot = s[random.nextInt(s.length)];
            int what = random.nextInt(10);
            if (what < 3 && calls.size() < 20_000) {
                calls.add(add(random.nextInt(5) == 0 ? "POST" : "GET"));
            } else if (what < 8 && !slot.core.idle()) {
                answers[slot.core.head().id()]++;
                slot.answer(random.nextInt(100) == 0 ? 40_000 : FAST);
            } else if (slot.core.recalling()) {
                slot.giveBack();
            } else if (alarm >= 0 && alarm <= now) {
                alarm = -1;
                dispatcher.watch();
            }
            slot.sent.removeIf(call -> call.place() == Call.Place.DONE);
        }
        for (int round = 0; dispatcher.waiting() > 0 || round < 3; round++) {
            for (Slot slot : s) {
                if (slot.core.recalling()) {
                    slot.giveBack();
                }
                while (!slot.core.idle()) {
                    answers[slot.core.head().id()]++;
                    slot.answer(FAST);
                }
            }
        }

        for (Call call : calls) {
            assertThat(answers[call.id()]).isEqualTo(1);
        }
        assertThat(dispatcher.recalled()).isPositive();
    }
}
