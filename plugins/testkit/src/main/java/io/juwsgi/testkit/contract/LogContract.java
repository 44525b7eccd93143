package io.juwsgi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.juwsgi.spi.log.LogEncoder;
import io.juwsgi.spi.log.LogLine;
import io.juwsgi.spi.log.LogType;
import io.juwsgi.spi.log.Logger;
import io.juwsgi.testkit.PluginUnderTest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log relies on in loggers and encoders: all those of a plugin. */
public abstract class LogContract extends PluginContract {
    /** Lines as they come: of all sources and levels, empty, long, with line ends and control characters within. */
    private static final List<LogLine> LINES = List.of(
            new LogLine(LogLine.Source.MESSAGE, Level.INFO, 1_700_000_000_123_456L, 0, 0, "plain"),
            new LogLine(LogLine.Source.MESSAGE, Level.ERROR, 0, 0, 0, "failed\n\tat a.b.C(C.java:1)\n"),
            new LogLine(LogLine.Source.REQUEST, Level.INFO, 1_700_000_000_123_456L, 0, 0, "GET /?a=\"b\"%s${x}\\"),
            new LogLine(LogLine.Source.APPLICATION, Level.INFO, 1_700_000_000_123_456L, 2, 471, ""),
            new LogLine(
                    LogLine.Source.APPLICATION,
                    Level.INFO,
                    1_700_000_000_123_456L,
                    2,
                    471,
                    "\u20ac\ud83d\ude00\u0000\u001b[2J"),
            new LogLine(LogLine.Source.APPLICATION, Level.INFO, 1_700_000_000_123_456L, 1, 470, "x".repeat(100_000)));

    private static final int AT_ONCE = 4;
    private static final String NEEDS_NONE = "";

    @TempDir
    Path directory;

    /** For subclasses. */
    protected LogContract() {}

    /**
     * Returns an argument that works for each logger, by id; those left out get an empty one.
     *
     * @param directory an empty directory
     */
    protected Map<String, String> loggers(Path directory) throws Exception {
        return Map.of();
    }

    /** Returns an argument that works for each encoder, by id; those left out get an empty one. */
    protected Map<String, String> encoders() {
        return Map.of();
    }

    /** Returns arguments that each logger and encoder refuses, by id; those left out take every text. */
    protected Map<String, List<String>> wrongArguments() {
        return Map.of();
    }

    private List<LogType<Logger>> loggerTypes() {
        return PluginUnderTest.of(plugin()).loggers();
    }

    private List<LogType<LogEncoder>> encoderTypes() {
        return PluginUnderTest.of(plugin()).logEncoders();
    }

    private Logger logger(LogType<Logger> type) throws Exception {
        return type.maker().apply(loggers(directory).getOrDefault(type.id(), NEEDS_NONE));
    }

    /** A wrong argument is told with what is expected, when the configuration is read. */
    @Test
    public void wrongArgumentsAreRefused() {
        List<LogType<?>> all = new ArrayList<>(loggerTypes());
        all.addAll(encoderTypes());
        for (LogType<?> type : all) {
            for (String wrong : wrongArguments().getOrDefault(type.id(), List.of())) {
                IllegalArgumentException told = assertThrows(
                        IllegalArgumentException.class, () -> type.maker().apply(wrong), type.id() + " took " + wrong);
                assertTrue(
                        String.valueOf(told.getMessage()).contains("expected"), type.id() + ": " + told.getMessage());
            }
        }
    }

    /** When the server does not start after all, nothing was opened. */
    @Test
    public void loggersThatWereNeverStartedAreClosed() throws Exception {
        for (LogType<Logger> type : loggerTypes()) {
            logger(type).close();
        }
    }

    /** Whatever is logged, a logger takes it, or says with an IOException that it is lost. */
    @Test
    public void loggersTakeEveryLine() throws Exception {
        for (LogType<Logger> type : loggerTypes()) {
            Logger logger = logger(type);
            logger.start();
            takes(logger, LINES);
            logger.reopen();
            for (LogLine line : LINES) {
                takes(logger, List.of(line));
            }
            logger.close();
        }
    }

    /** A target may be gone for a while; everything but an IOException would end the thread of the log. */
    private static void takes(Logger logger, List<LogLine> lines) {
        try {
            logger.write(lines);
        } catch (IOException e) {
            assertNotNull(e.getMessage(), "a loss without a reason");
        }
    }

    /** Encoders have no state: each logger's thread calls the same one. */
    @Test
    public void encodersSayTheSameOnEveryThread() throws Exception {
        for (LogType<LogEncoder> type : encoderTypes()) {
            LogEncoder encoder = type.maker().apply(encoders().getOrDefault(type.id(), NEEDS_NONE));
            List<String> once = LINES.stream().map(encoder::encode).toList();
            List<CompletableFuture<List<String>>> others = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                others.add(CompletableFuture.supplyAsync(
                        () -> LINES.stream().map(encoder::encode).toList()));
            }
            for (CompletableFuture<List<String>> other : others) {
                assertEquals(once, other.get(30, TimeUnit.SECONDS), type.id());
            }
        }
    }
}
