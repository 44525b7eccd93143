package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Fields;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** How many bytes of body a response has by its head, and how many of them were written. */
final class ResponseLength {
    private long declared = -1;
    private boolean bodiless;
    private long remaining = -1;
    private long written;
    private boolean exceeded;
    private boolean announced;

    /** Takes the handler's Content-Length; returns false when it is no number or there are several. */
    boolean declare(Fields fields) {
        declared = -1;
        announced = false;
        int count = fields.size();
        for (int i = 0; i < count; i++) {
            String name = fields.name(i);
            if (name.length() == 14 && name.equalsIgnoreCase("content-length")) {
                if (declared != -1) {
                    return false;
                }
                declared = number(fields.value(i));
            }
            announced |= name.length() == 7 && name.equalsIgnoreCase("trailer");
        }
        return declared >= -1;
    }

    private static long number(String text) {
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || i > 17) {
                return -2;
            }
            value = value * 10 + (c - '0');
        }
        return text.isEmpty() ? -2 : value;
    }

    /**
     * Decides, when the head is written.
     *
     * @param whole the length of the whole body, -1 when it is not known
     */
    void decide(String method, int status, long whole) {
        bodiless = status == 204 || status == 304 || method.equals("HEAD");
        remaining = declared >= 0 ? declared : whole;
        written = 0;
    }

    /** Returns the Content-Length to tell the client, -1 when there is none to tell. */
    long told(int status) {
        if (!bodiless) {
            return remaining;
        }
        return status == 204 ? -1 : declared;
    }

    /** Notes that the head now says that fields follow the body. */
    void announceTrailers() {
        announced = true;
    }

    /** Returns whether the head says that fields follow the body. */
    boolean announcesTrailers() {
        return announced;
    }

    /** Returns whether no body follows, whatever the head says. */
    boolean bodiless() {
        return bodiless;
    }

    /** Returns as much of {@code bytes} as the head lets through, null when that is nothing. */
    @Nullable
    ByteBuf allowed(ByteBuf bytes) {
        int count = (int) allowed(bytes.readableBytes());
        if (count == 0) {
            bytes.release();
            return null;
        }
        return bytes.writerIndex(bytes.readerIndex() + count);
    }

    /** Returns how many of {@code count} body bytes the head lets through, and counts them. */
    long allowed(long count) {
        if (bodiless) {
            return 0;
        }
        long taken = remaining < 0 ? count : Math.min(count, remaining);
        if (remaining >= 0) {
            remaining -= taken;
        }
        exceeded |= taken < count;
        written += taken;
        return taken;
    }

    /** Returns whether the handler gave more than its head told; what was too much was dropped. */
    boolean exceeded() {
        return exceeded;
    }

    /** Returns whether bytes are missing that the head told. */
    boolean missing() {
        return !bodiless && remaining > 0;
    }

    /** Returns how many bytes of body were let through. */
    long written() {
        return written;
    }
}
