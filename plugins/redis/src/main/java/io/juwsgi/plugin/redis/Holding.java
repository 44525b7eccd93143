package io.juwsgi.plugin.redis;

import io.juwsgi.spi.balance.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who is taken for a member, from what Redis says: for a while after it could not be asked, and when it has nobody at once, those who
 * were there before stay. Used by one thread.
 */
final class Holding {
    private final long holdNanos;
    private List<Member> members = List.of();
    private boolean holds;
    private long until;

    /**
     * Makes one without members.
     *
     * @param holdNanos how long those stay that Redis does not know any more, in nanoseconds
     */
    Holding(long holdNanos) {
        this.holdNanos = holdNanos;
    }

    List<Member> members() {
        return members;
    }

    /** Redis could not be asked. */
    void failed(long nanoTime) {
        hold(nanoTime);
    }

    private void hold(long nanoTime) {
        holds = true;
        until = nanoTime + holdNanos;
    }

    /** Redis has these; returns who is a member now. */
    List<Member> found(List<Member> now, long nanoTime) {
        if (holds && nanoTime - until >= 0) {
            holds = false;
        } else if (!holds && now.isEmpty() && !members.isEmpty()) {
            hold(nanoTime);
        } else if (!holds) {
            members = now;
            return now;
        }
        if (!holds) {
            members = now;
            return now;
        }
        List<Member> kept = new ArrayList<>(members);
        kept.removeIf(old -> now.stream().anyMatch(one -> one.address().equals(old.address())));
        members = Stream.concat(now.stream(), kept.stream())
                .sorted((a, b) -> a.address().compareTo(b.address()))
                .toList();
        return members;
    }
}
