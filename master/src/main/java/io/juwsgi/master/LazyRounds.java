package io.juwsgi.master;

/**
 * Counts the rounds in which workers had little to do, and says when one of them may go. One that was missed soon after it
 * went makes the next one wait longer; a long quiet time forgives that. Owned by the master's thread.
 */
final class LazyRounds {
    private final int usual;
    private final int penalty;
    private int wanted;
    private int lazy;
    private int sinceFewer = Integer.MAX_VALUE;

    /**
     * Makes a count.
     *
     * @param usual how many lazy rounds in a row it takes
     * @param penalty how many more after each that was missed
     */
    LazyRounds(int usual, int penalty) {
        this.usual = usual;
        this.penalty = penalty;
        this.wanted = usual;
    }

    /** Takes a round into account; returns whether a worker may go. */
    boolean mayLose(boolean little) {
        if (sinceFewer < Integer.MAX_VALUE) {
            sinceFewer++;
        }
        lazy = little ? lazy + 1 : 0;
        if (lazy < wanted) {
            return false;
        }
        lazy = 0;
        if (sinceFewer > wanted) {
            wanted = usual;
        }
        sinceFewer = 0;
        return true;
    }

    /** A worker more is wanted. */
    void missed() {
        lazy = 0;
        if (sinceFewer <= usual) {
            wanted += penalty;
        }
    }
}
