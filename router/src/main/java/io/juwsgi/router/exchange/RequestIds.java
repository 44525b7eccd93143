package io.juwsgi.router.exchange;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * Makes request ids: 16 hexadecimal digits that do not repeat and do not tell how many requests there were. Owned by one
 * event loop.
 *
 * <p>A Weyl sequence with a random start and odd random step, mixed and masked: a few nanoseconds, no shared state. Ids
 * name requests; they are no secrets.
 */
final class RequestIds {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final byte[] text = new byte[16];
    private final long step;
    private final long mask;
    private long state;

    RequestIds(SecureRandom random) {
        state = random.nextLong();
        step = random.nextLong() | 1;
        mask = random.nextLong();
    }

    String next() {
        state += step;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        z = (z ^ (z >>> 31)) ^ mask;
        for (int i = 15; i >= 0; i--) {
            text[i] = DIGITS[(int) z & 15];
            z >>>= 4;
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
