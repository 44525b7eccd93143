package io.juwsgi.spi.exchange;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the access log tells about an exchange beyond its request and response. Owned by the exchange's event loop. */
public final class Account {
    private int workerId;
    private long workerPid;
    private int core = -1;
    private long serviceMicros = -1;
    private @Nullable String why;
    private boolean unlogged;
    private @Nullable Map<String, String> variables;
    private @Nullable String endpoint;
    private int tries;

    /** Says which core of which worker answers. */
    public void servedBy(int workerId, long workerPid, int core) {
        this.workerId = workerId;
        this.workerPid = workerPid;
        this.core = core;
    }

    /** Says how long the application worked on the request, in microseconds. */
    public void serviceMicros(long micros) {
        this.serviceMicros = micros;
    }

    /** Says why the request failed, in a few words without client data, such as {@code worker-died}. */
    public void why(String reason) {
        this.why = reason;
    }

    /** Says that the exchange gets no line in the access log. */
    public void unlogged() {
        unlogged = true;
    }

    /** Returns whether the exchange gets no line in the access log. */
    public boolean isUnlogged() {
        return unlogged;
    }

    /**
     * Sets a variable of {@code log-format}, {@code %(name)}; one that the log has by itself keeps its meaning.
     *
     * @param value each char one byte (ISO 8859-1); the log escapes what could break its line
     */
    public void variable(String name, String value) {
        Map<String, String> own = variables;
        if (own == null) {
            own = new HashMap<>(4);
            variables = own;
        }
        own.put(name, value);
    }

    /** Returns what was set for a variable of {@code log-format}, or null. */
    public @Nullable String variable(String name) {
        return variables == null ? null : variables.get(name);
    }

    /**
     * Says which endpoint of an upstream was asked last.
     *
     * @param address the endpoint's address
     * @param tries how many endpoints were asked, this one included
     */
    public void proxiedTo(String address, int tries) {
        this.endpoint = address;
        this.tries = tries;
    }

    /** Returns the address of the endpoint that was asked last, or null when the request went to no upstream. */
    public @Nullable String endpoint() {
        return endpoint;
    }

    /** Returns how many endpoints were asked, 0 when the request went to no upstream. */
    public int tries() {
        return tries;
    }

    /** Returns the worker's number, or 0 when no worker answered. */
    public int workerId() {
        return workerId;
    }

    /** Returns the worker's process id, or 0 when no worker answered. */
    public long workerPid() {
        return workerPid;
    }

    /** Returns the core's number from 0, or -1 when no worker answered. */
    public int core() {
        return core;
    }

    /** Returns the application's time in microseconds, or -1 when no worker answered. */
    public long serviceMicros() {
        return serviceMicros;
    }

    /** Returns why the request failed, or null when it did not. */
    public @Nullable String why() {
        return why;
    }
}
