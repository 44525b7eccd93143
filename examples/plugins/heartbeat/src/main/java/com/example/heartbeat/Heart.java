package com.example.heartbeat;

import io.juwsgi.spi.Controllable;
import io.juwsgi.spi.extension.LifeCycle;
import io.juwsgi.spi.metric.MetricSink;
import io.juwsgi.spi.metric.MetricSource;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Beats on a thread of its own, from start to close; an operator may ask for a beat more. */
final class Heart implements LifeCycle, MetricSource, Controllable {
    private final URI url;
    private final Duration every;
    private final Duration timeout;
    private final Beats beats;
    private final System.Logger log;
    private final Thread thread = Thread.ofVirtual().name("heartbeat").unstarted(this::run);
    private @Nullable HttpClient client;
    /** What is wrong, told once; null while all is well. Owned by the thread. */
    private @Nullable String trouble;

    Heart(URI url, Duration every, Duration timeout, Beats beats, System.Logger log) {
        this.url = url;
        this.every = every;
        this.timeout = timeout;
        this.beats = beats;
        this.log = log;
    }

    @Override
    public void start() {
        client = HttpClient.newBuilder().connectTimeout(timeout).build();
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                note(beat());
                Thread.sleep(every);
            }
        } catch (InterruptedException e) {
            log.log(Level.DEBUG, "the heart stops");
        }
    }

    /** Returns what went wrong, or null. */
    private @Nullable String beat() throws InterruptedException {
        HttpClient open = client;
        if (open == null) {
            return "not started";
        }
        try {
            HttpRequest request = HttpRequest.newBuilder(url).timeout(timeout).build();
            int status =
                    open.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status < 400) {
                beats.sent.increment();
                return null;
            }
            beats.failed.increment();
            return "answered " + status;
        } catch (IOException e) {
            beats.failed.increment();
            return e.toString();
        }
    }

    private void note(@Nullable String now) {
        if (now != null && trouble == null) {
            log.log(Level.WARNING, "no heartbeat: {0} (further ones are counted only)", now);
        } else if (now == null && trouble != null) {
            log.log(Level.INFO, "the heartbeat is back");
        }
        trouble = now;
    }

    @Override
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join(timeout.toMillis());
        HttpClient open = client;
        if (open != null) {
            open.shutdownNow();
            open.awaitTermination(timeout);
        }
    }

    @Override
    public void metrics(MetricSink sink) {
        sink.counter("heartbeat_beats", "Beats that the monitor has taken.", beats.sent.sum());
        sink.counter("heartbeat_failures", "Beats that it has not.", beats.failed.sum());
    }

    @Override
    public String controlName() {
        return "heartbeat";
    }

    @Override
    public String controlUsage() {
        return "status | now: how many beats there were, and one more";
    }

    @Override
    public Map<String, ?> control(List<String> arguments) throws IOException, InterruptedException {
        switch (String.join(" ", arguments)) {
            case "status" -> {}
            case "now" -> {
                String wrong = beat();
                if (wrong != null) {
                    throw new IOException(wrong);
                }
            }
            default -> throw new IllegalArgumentException(arguments + " (expected: status or now)");
        }
        return Map.of("url", url.toString(), "beats", beats.sent.sum(), "failures", beats.failed.sum());
    }
}
