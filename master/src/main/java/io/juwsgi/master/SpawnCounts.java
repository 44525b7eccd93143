package io.juwsgi.master;

import java.util.Arrays;

/**
 * How many processes each worker number has had, over all generations.
 *
 * <p>Mutable; owned by the master's thread.
 */
final class SpawnCounts {
    private int[] byId;

    SpawnCounts(int processes) {
        byId = new int[processes + 1];
    }

    /** Counts one more and returns the count. */
    int next(int id) {
        if (id >= byId.length) {
            byId = Arrays.copyOf(byId, 2 * id);
        }
        return ++byId[id];
    }
}
