package io.juwsgi.router.exchange;

import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one event loop share: clock, scratch memory, the flush queue, the list of connections. Owned by
 * that event loop.
 */
public final class LoopContext {
    /** How often deadlines are looked at, in milliseconds; they are this much late at most. */
    static final long TICK = 200;

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CTIME = DateTimeFormatter.ofPattern(
                    "EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
            .withZone(ZoneId.systemDefault());

    private static final DateTimeFormatter LOG_TIME = DateTimeFormatter.ofPattern(
                    "dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneId.systemDefault());

    private final EventLoop eventLoop;
    private final RequestIds ids = new RequestIds(new SecureRandom());
    private final ResponseEncoder encoder = new ResponseEncoder();
    private final StringBuilder text = new StringBuilder(512);
    private final ArrayDeque<ClientConnection> toFlush = new ArrayDeque<>();
    private final Runnable flushTask = this::flushAll;
    private byte[] scratch = new byte[4096];
    private boolean flushScheduled;
    private long millis;
    private long epochSecond;
    private String date = "";
    private byte[] dateLine = {};
    private String ctime = "";
    private String logTime = "";
    private @Nullable ClientConnection first;
    private int connections;

    public LoopContext(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
        readClock();
    }

    /** Starts the clock; called once. */
    public void start() {
        var _ = eventLoop.scheduleAtFixedRate(this::tick, TICK, TICK, TimeUnit.MILLISECONDS);
    }

    /** Returns the event loop. */
    public EventLoop eventLoop() {
        return eventLoop;
    }

    /** Returns milliseconds of a clock that only goes forward, at most a tick old. */
    public long millis() {
        return millis;
    }

    /** Returns the time of day in seconds since 1970, at most a tick old. */
    public long epochSecond() {
        return epochSecond;
    }

    /** Returns the local time as C's {@code ctime} writes it. */
    public String ctime() {
        return ctime;
    }

    /** Returns the local time as Apache's log format writes it. */
    public String logTime() {
        return logTime;
    }

    /** Returns an empty builder for one log line, until it is asked for again. */
    public StringBuilder text() {
        if (text.capacity() > 64 * 1024) {
            text.setLength(0);
            text.trimToSize();
        }
        text.setLength(0);
        return text;
    }

    /** Returns an array of at least {@code size} bytes for use within one call; what it held before is kept. */
    public byte[] scratch(int size) {
        if (scratch.length < size) {
            scratch = java.util.Arrays.copyOf(scratch, Math.max(size, scratch.length * 2));
        }
        return scratch;
    }

    String nextId() {
        return ids.next();
    }

    ResponseEncoder encoder() {
        return encoder;
    }

    /** Returns the value of the Date field. */
    public String date() {
        return date;
    }

    byte[] dateLine() {
        return dateLine;
    }

    /** Flushes {@code connection} once when this turn of the event loop ends, whatever is written until then. */
    void flushLater(ClientConnection connection) {
        toFlush.add(connection);
        if (!flushScheduled) {
            flushScheduled = true;
            eventLoop.execute(flushTask);
        }
    }

    private void flushAll() {
        flushScheduled = false;
        ClientConnection connection;
        while ((connection = toFlush.poll()) != null) {
            connection.flushNow();
        }
    }

    void add(ClientConnection connection) {
        connection.next = first;
        if (first != null) {
            first.previous = connection;
        }
        first = connection;
        connections++;
    }

    void remove(ClientConnection connection) {
        if (connection.previous != null) {
            connection.previous.next = connection.next;
        } else {
            first = connection.next;
        }
        if (connection.next != null) {
            connection.next.previous = connection.previous;
        }
        connection.previous = null;
        connection.next = null;
        connections--;
    }

    /** Returns how many connections this event loop carries. */
    public int connections() {
        return connections;
    }

    /** Returns the connections as they are now; for use at shutdown, not for each request. */
    public List<ClientConnection> snapshot() {
        List<ClientConnection> all = new ArrayList<>(connections);
        for (ClientConnection c = first; c != null; c = c.next) {
            all.add(c);
        }
        return all;
    }

    private void tick() {
        readClock();
        ClientConnection connection = first;
        while (connection != null) {
            // Taken before, since the connection may leave the list.
            ClientConnection next = connection.next;
            connection.tick(millis);
            connection = next;
        }
    }

    private void readClock() {
        millis = System.nanoTime() / 1_000_000;
        Instant now = Instant.now();
        if (now.getEpochSecond() != epochSecond) {
            epochSecond = now.getEpochSecond();
            date = HTTP_DATE.format(now);
            dateLine = ("Date: " + date + "\r\n").getBytes(StandardCharsets.US_ASCII);
            ctime = CTIME.format(now);
            logTime = LOG_TIME.format(now);
        }
    }
}
