package io.juwsgi.router.upstream;

import io.juwsgi.spi.exchange.Response;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A short answer that has begun and is not passed on yet: should its server die before the end, another one can still be asked.
 * Servers that write head and body one after the other are killed in between more often than one would think. Owned by the call's
 * event loop.
 */
final class HeldAnswer {
    /** The longest body that is waited for, in bytes. */
    private static final int MOST = 16 * 1024;

    private final Response head;
    private final Queue<ByteBuf> parts = new ArrayDeque<>(2);

    private HeldAnswer(Response head) {
        this.head = head;
    }

    /** Returns whether an answer tells that it is short. */
    static boolean isShort(Response head) {
        String length = head.fields().first("content-length");
        return length != null && number(length) <= MOST;
    }

    /** The link has looked at it: these are digits. */
    private static int number(String digits) {
        int number = 0;
        for (int i = 0; i < digits.length() && number <= MOST; i++) {
            number = number * 10 + digits.charAt(i) - '0';
        }
        return number;
    }

    /** Makes one of which nothing but the head has come. */
    static HeldAnswer of(Response head) {
        return new HeldAnswer(head);
    }

    Response head() {
        return head;
    }

    /** Keeps a part of the body, which is owned from here on. */
    void add(ByteBuf part) {
        parts.add(part);
    }

    /** Returns the parts; whoever takes one owns it. */
    Queue<ByteBuf> parts() {
        return parts;
    }

    /** Nobody wants it. */
    void release() {
        for (ByteBuf part = parts.poll(); part != null; part = parts.poll()) {
            part.release();
        }
    }
}
