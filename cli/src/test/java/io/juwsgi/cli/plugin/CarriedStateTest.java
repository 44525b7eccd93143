package io.juwsgi.cli.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who gets which object, and when it is closed. */
class CarriedStateTest {
    private final CarriedState state = new CarriedState();
    private final List<String> closed = new ArrayList<>();

    private final class Pool implements AutoCloseable {
        private final String name;

        Pool(String name) {
            this.name = name;
        }

        @Override
        public void close() {
            closed.add(name);
            if (name.startsWith("rude")) {
                throw new IllegalStateException(name);
            }
        }
    }

    private Pool take(Object user, String id, String fresh) {
        return state.take(user, id, Pool.class, () -> new Pool(fresh));
    }

    @Test
    void theNextSetOfComponentsGetsTheSameObjectAndTheLastOneClosesIt() {
        Pool first = take("old", "a", "one");
        assertThat(take("new", "a", "two")).isSameAs(first);
        assertThat(take("new", "b", "three")).isNotSameAs(first);
        state.release("old");
        assertThat(closed).isEmpty();
        state.release("new");
        assertThat(closed).containsExactlyInAnyOrder("one", "three");
        assertThat(take("later", "a", "four").name).isEqualTo("four");
    }

    @Test
    void aSetThatFailedTakesNothingAwayFromTheOneInUse() {
        Pool used = take("in use", "a", "one");
        take("failed", "a", "two");
        state.release("failed");
        assertThat(closed).isEmpty();
        assertThat(take("next", "a", "three")).isSameAs(used);
    }

    @Test
    void oneThatCannotBeClosedHindersNoOther() {
        take("set", "a", "rude");
        take("set", "b", "kind");
        state.release("set");
        state.release("set");
        assertThat(closed).containsExactlyInAnyOrder("rude", "kind");
    }
}
