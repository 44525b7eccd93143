package io.juwsgi.loadbalancer;

/** Hash functions that are the same in every process. */
final class Hashes {
    private Hashes() {}

    /** Returns a hash of a text: FNV-1a, then mixed so that every bit counts. */
    static long of(String text, long seed) {
        long hash = 0xcbf29ce484222325L ^ seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mixed(hash);
    }

    /** Spreads a difference in any bit over all bits. */
    static long mixed(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
