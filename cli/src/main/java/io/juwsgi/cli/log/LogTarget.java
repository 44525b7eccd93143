package io.juwsgi.cli.log;

import io.juwsgi.config.ConfigException;
import io.juwsgi.spi.log.LogEncoder;
import io.juwsgi.spi.log.LogLine;
import io.juwsgi.spi.log.Logger;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A logger with the lines that wait for it, and the thread that hands them over. Safe for all threads; the fields belong
 * to the monitor, except where they say otherwise.
 *
 * <p>Lines gather in one list while the thread is busy with the other. When the logger falls behind by {@link #LIMIT},
 * lines are dropped and counted, and the count is logged when there is room again. A logger that fails is told of once,
 * to whoever listens to complaints, and once more when it is well again.
 */
final class LogTarget {
    /** Characters of waiting lines: 4 Mi hold about 30,000 request lines. */
    private static final int LIMIT = 4 * 1024 * 1024;

    /** What a line costs beside its text, in characters, so that empty lines have a limit too. */
    private static final int LINE_COST = 64;

    /** Work for the logger that is no line. */
    private interface Errand {
        void run(Logger logger) throws IOException;
    }

    private final String name;
    private final Logger logger;
    private final List<LogEncoder> encoders;
    private final BiConsumer<LogTarget, String> complaints;

    private List<LogLine> waiting = new ArrayList<>();
    private List<LogLine> spare = new ArrayList<>();
    private final List<Errand> errands = new ArrayList<>();
    private int cost;
    private long dropped;
    private boolean busy;
    private boolean started;
    private boolean closed;

    /** Lines lost since the logger began to fail; owned by the target's thread. */
    private long lost;

    private boolean failing;

    /**
     * Makes a target; nothing is written before {@link #start}.
     *
     * @param name what it is called in complaints
     * @param complaints takes this target and a line about the logger's failures, on the target's thread
     */
    LogTarget(
            String name, Logger logger, List<? extends LogEncoder> encoders, BiConsumer<LogTarget, String> complaints) {
        this.name = name;
        this.logger = logger;
        this.encoders = List.copyOf(encoders);
        this.complaints = complaints;
    }

    String name() {
        return name;
    }

    /**
     * Opens the logger.
     *
     * @throws ConfigException when it cannot be opened
     */
    void open() {
        try {
            logger.start();
        } catch (Exception e) {
            throw new ConfigException("log: cannot open " + name + ": " + e);
        }
    }

    /** Closes the logger, when no thread writes to it. */
    void abandon() {
        try {
            logger.close();
        } catch (Exception e) {
            complain("log: " + name + " cannot be closed: " + e);
        }
    }

    private void complain(String text) {
        complaints.accept(this, text);
    }

    /** Starts the thread; lines may have been offered before. */
    synchronized void start() {
        if (!started) {
            started = true;
            Thread.ofPlatform().daemon().name("juwsgi-log").start(this::work);
        }
    }

    /** Takes a line, or drops it when too much waits. */
    synchronized void offer(LogLine line) {
        int more = line.text().length() + LINE_COST;
        if (closed || cost + more > LIMIT) {
            dropped++;
            return;
        }
        if (dropped > 0) {
            add(message("log: " + dropped + " lines were dropped, their reader was too slow"));
            dropped = 0;
        }
        add(line);
    }

    private void add(LogLine line) {
        cost += line.text().length() + LINE_COST;
        waiting.add(line);
        if (waiting.size() == 1) {
            notifyAll();
        }
    }

    private static LogLine message(String text) {
        return new LogLine(LogLine.Source.MESSAGE, Level.INFO, Clock.micros(), 0, 0, text);
    }

    /** Lets the logger open its target again, behind the lines that wait. */
    void reopen() {
        send(Logger::reopen);
    }

    /** Lets the logger begin anew, behind the lines that wait. */
    void rotate() {
        send(Logger::rotate);
    }

    private synchronized void send(Errand errand) {
        errands.add(errand);
        notifyAll();
    }

    /**
     * Waits until every line is written.
     *
     * @param millis how long to wait at most, in milliseconds
     */
    synchronized void flush(long millis) {
        long deadline = System.nanoTime() + millis * 1_000_000;
        long left = millis;
        while (started && (busy || !waiting.isEmpty() || !errands.isEmpty()) && left > 0) {
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
    }

    /** Ends the thread when all that waits is written, and then closes the logger; takes no more lines. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    private void work() {
        while (true) {
            List<LogLine> batch;
            List<Errand> todo;
            synchronized (this) {
                busy = false;
                notifyAll();
                if (!awaitWork()) {
                    break;
                }
                busy = true;
                batch = waiting;
                waiting = spare;
                spare = batch;
                cost = 0;
                todo = List.copyOf(errands);
                errands.clear();
            }
            if (!batch.isEmpty()) {
                write(batch);
                batch.clear();
            }
            todo.forEach(this::run);
        }
        abandon();
    }

    /** Waits for lines or errands; false when there will be none. The caller holds the monitor. */
    private boolean awaitWork() {
        while (waiting.isEmpty() && errands.isEmpty()) {
            if (closed) {
                return false;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                return false;
            }
        }
        return true;
    }

    private void write(List<LogLine> batch) {
        try {
            logger.write(encoded(batch));
            if (failing) {
                recovered();
            }
        } catch (IOException | RuntimeException | StackOverflowError e) {
            lost += batch.size();
            failed(e);
        }
    }

    private List<LogLine> encoded(List<LogLine> batch) {
        for (LogEncoder encoder : encoders) {
            for (int i = 0; i < batch.size(); i++) {
                LogLine line = batch.get(i);
                String text = encoder.encode(line);
                batch.set(i, line.withText(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text));
            }
        }
        return batch;
    }

    private void run(Errand errand) {
        try {
            errand.run(logger);
        } catch (IOException | RuntimeException e) {
            complain("log: " + name + " cannot be opened again or rotated: " + e);
        }
    }

    private void failed(Throwable e) {
        if (!failing) {
            failing = true;
            complain("log: " + name + " takes no lines: " + e);
        }
    }

    private void recovered() {
        String news = "log: " + name + " takes lines again, " + lost + " were lost";
        failing = false;
        lost = 0;
        complain(news);
        offer(message(news));
    }
}
