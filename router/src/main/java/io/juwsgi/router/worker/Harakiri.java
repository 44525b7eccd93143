package io.juwsgi.router.worker;

import io.juwsgi.spi.LogSink;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import java.time.Duration;

/**
 * One request that is ended before it is answered: the client gets 504 or 503, the log the Python stack, the core an
 * exception, and the master a report when that does not free the core. Owned by the pool's event loop.
 */
final class Harakiri {
    /** How long the control thread may take for the stack; longer when C code holds the interpreter's lock. */
    private static final long TRACE_NANOS = Duration.ofSeconds(1).toNanos();

    /** Why a request is ended. */
    enum Cause {
        /** It ran into {@code harakiri}. */
        DEADLINE,
        /** It ran into the deadline that the application gave itself. */
        OWN_DEADLINE,
        /** An operator wants it. */
        OPERATOR
    }

    private final WorkerLink worker;
    private final Core core;
    private final Call call;
    private final Cause cause;
    private final LogSink log;
    private final long beganNanos;
    private final String title;
    private boolean logged;
    private boolean reported;

    Harakiri(WorkerLink worker, Core core, Call call, Cause cause, LogSink log, long nowNanos) {
        this.worker = worker;
        this.core = core;
        this.call = call;
        this.cause = cause;
        this.log = log;
        this.beganNanos = nowNanos;
        Exchange exchange = call.exchange();
        this.title = (cause == Cause.OPERATOR ? "killed: request=" : "harakiri: request=") + exchange.id() + " method="
                + LogText.clean(exchange.request().method()) + " url="
                + LogText.clean(exchange.request().target()) + " worker=" + core.workerId() + " pid="
                + worker.endpoint().pid() + " core=" + core.number()
                + deadline(worker);
    }

    private String deadline(WorkerLink of) {
        return switch (cause) {
            case DEADLINE -> " deadline=" + Duration.ofNanos(of.harakiriNanos()).toMillis() + "ms";
            case OWN_DEADLINE -> " deadline=set_user_harakiri";
            case OPERATOR -> "";
        };
    }

    void begin() {
        boolean asked = worker.trace(core);
        if (cause != Cause.OPERATOR) {
            worker.harakiri();
            call.fail(Failure.upstream(504, "harakiri", "The application did not answer in time."));
        } else {
            call.fail(Interventions.killed());
        }
        if (!asked) {
            untraced();
        }
    }

    /** Takes the stack of the core's thread, and stops its work. */
    void traced(int request, String stack) {
        if (logged) {
            return;
        }
        logged = true;
        if (request == call.id()) {
            log.line(title + "\n" + stack.stripTrailing() + more());
            worker.interrupt(core, call.id());
        } else {
            log.line(title + "\n  (the request ended before its stack could be taken)");
        }
    }

    /** Looks whether the worker still answers; called now and then. */
    void check(long nowNanos) {
        long elapsed = nowNanos - beganNanos;
        if (!logged && elapsed >= TRACE_NANOS) {
            untraced();
        }
        if (!reported && elapsed >= worker.mercyNanos()) {
            reported = true;
            worker.fail("request " + call.exchange().id() + " is stuck in core " + core.number());
        }
    }

    private String more() {
        return worker.verbose() ? KernelView.of(worker.endpoint().pid()) : "";
    }

    private void untraced() {
        logged = true;
        log.line(title + "\n  (no stack: the process does not react)" + more());
        worker.interrupt(core, call.id());
    }
}
