package io.juwsgi.router.calls;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Numbered locks that applications take across their processes. One belongs to the thread that took it, which is a connection
 * here: when the thread or its process ends, whoever waits next has it. Owned by the server's event loop, but for {@link
 * #holders}.
 */
final class UserLocks {
    private static final byte[] YES = {1};
    private static final byte[] NO = {0};

    private record Waiting(CallConnection who, PendingCall call) {}

    private static final class Lock {
        private @Nullable CallConnection holder;
        private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    }

    private final List<Lock> locks = new ArrayList<>();
    private final AtomicLongArray pids;

    UserLocks(int highest) {
        for (int i = 0; i <= highest; i++) {
            locks.add(new Lock());
        }
        pids = new AtomicLongArray(highest + 1);
    }

    /** Answers when the caller has the lock; one that it has already would be waited for in vain, and is refused. */
    void lock(CallConnection who, PendingCall call) {
        Lock lock = find(call);
        if (lock == null) {
            return;
        }
        if (lock.holder == null) {
            give(lock, who);
            call.reply();
        } else if (lock.holder.equals(who)) {
            call.fail("this thread has the lock already");
        } else {
            lock.waiting.add(new Waiting(who, call));
        }
    }

    /** Frees a lock, also one that another thread of the process has taken; otherwise does nothing, as uWSGI does. */
    void unlock(CallConnection who, PendingCall call) {
        Lock lock = find(call);
        if (lock == null) {
            return;
        }
        if (lock.holder != null && lock.holder.pid() == who.pid()) {
            pass(lock);
        }
        call.reply();
    }

    void isLocked(PendingCall call) {
        Lock lock = find(call);
        if (lock != null) {
            call.reply(lock.holder == null ? NO : YES);
        }
    }

    /** Returns the lock that a call names; refuses the call when there is none. */
    private @Nullable Lock find(PendingCall call) {
        byte[] number =
                call.arguments().isEmpty() ? new byte[0] : call.arguments().getFirst();
        if (number.length != 1 || (number[0] & 0xFF) >= locks.size()) {
            call.fail("Invalid lock number");
            return null;
        }
        return locks.get(number[0] & 0xFF);
    }

    private void give(Lock lock, @Nullable CallConnection who) {
        lock.holder = who;
        pids.set(locks.indexOf(lock), who == null ? 0 : who.pid());
    }

    private void pass(Lock lock) {
        Waiting next = lock.waiting.poll();
        give(lock, next == null ? null : next.who());
        if (next != null) {
            next.call().reply();
        }
    }

    /** A connection has ended: it holds nothing and waits for nothing any more. */
    void forget(CallConnection who) {
        for (Lock lock : locks) {
            lock.waiting.removeIf(waiting -> waiting.who().equals(who));
            if (lock.holder != null && lock.holder.equals(who)) {
                pass(lock);
            }
        }
    }

    /** Returns the process ids of the holders, by number; 0 where there is none. From any thread. */
    List<Long> holders() {
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < pids.length(); i++) {
            all.add(pids.get(i));
        }
        return all;
    }
}
