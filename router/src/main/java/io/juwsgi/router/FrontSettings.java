package io.juwsgi.router;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.router.exchange.Limits;
import io.juwsgi.router.exchange.MinimumRate;
import io.juwsgi.router.exchange.Modifiers;
import io.juwsgi.router.exchange.WebSocketLimits;
import io.juwsgi.router.spool.Buffering;
import io.juwsgi.router.worker.PoolSettings;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns the settings of the data plane into checked values. */
final class FrontSettings {
    /** The idle time that a bare {@code http-keepalive} means, in seconds. */
    private static final int KEEPALIVE_SECONDS = 75;

    private static final Set<String> OFF = Set.of("false", "off", "no");

    private FrontSettings() {}

    static Limits limits(Settings settings) {
        int head = settings.get(RouterOptions.BUFFER_SIZE);
        if (head < 1024 || head > 16 * 1024 * 1024) {
            throw new ConfigException("--buffer-size " + head + ": expected 1024 to 16777216 bytes");
        }
        long post = settings.get(RouterOptions.LIMIT_POST);
        int timeout = settings.get(RouterOptions.HTTP_TIMEOUT);
        if (timeout < 1) {
            throw new ConfigException("--http-timeout " + timeout + ": expected at least 1 second");
        }
        return new Limits(
                head,
                Math.min(head, Limits.TARGET),
                Limits.FIELDS,
                post > 0 ? post : Long.MAX_VALUE,
                timeout * 1000L,
                keepAliveSeconds(settings) * 1000L,
                rate(settings, RouterOptions.HTTP_BODY_MIN_RATE),
                rate(settings, RouterOptions.HTTP_RESPONSE_MIN_RATE),
                webSockets(settings));
    }

    /** Returns the limits of listeners whose option ends in socket: {@code limits}, but for their own timeout. */
    static Limits socketLimits(Settings settings, Limits limits) {
        int seconds = settings.get(RouterOptions.SOCKET_TIMEOUT);
        return seconds > 0 ? limits.withTimeout(seconds * 1000L) : limits;
    }

    /** Returns whether {@code socket} means HTTP, as {@code protocol} may say. */
    static boolean socketsSpeakHttp(Settings settings) {
        String protocol = settings.get(RouterOptions.PROTOCOL).orElse("uwsgi");
        return switch (protocol) {
            case "uwsgi" -> false;
            case "http", "http11" -> true;
            default -> {
                Setting written = settings.of(RouterOptions.PROTOCOL).getLast();
                throw new ConfigException(
                        written.origin() + ": protocol = " + protocol + " (expected: uwsgi, http or http11)");
            }
        };
    }

    private static MinimumRate rate(Settings settings, Option<Integer> option) {
        return new MinimumRate(
                atLeast(0, settings, option), atLeast(0, settings, RouterOptions.HTTP_MIN_RATE_GRACE) * 1000L);
    }

    private static WebSocketLimits webSockets(Settings settings) {
        int kibibytes = atLeastOne(settings, RouterOptions.WEBSOCKETS_MAX_SIZE);
        return new WebSocketLimits(
                (int) Math.min(kibibytes * 1024L, Integer.MAX_VALUE / 2),
                atLeastOne(settings, RouterOptions.WEBSOCKETS_PING_FREQ) * 1000L,
                atLeastOne(settings, RouterOptions.WEBSOCKETS_PONG_TOLERANCE) * 1000L,
                deflate(settings),
                atLeast(0, settings, RouterOptions.WEBSOCKETS_DEFLATE_MIN));
    }

    private static WebSocketLimits.Deflate deflate(Settings settings) {
        String written = settings.get(RouterOptions.WEBSOCKETS_DEFLATE).orElse("on");
        return switch (written) {
            case "off", "false", "no", "0" -> WebSocketLimits.Deflate.OFF;
            case "on", "true", "yes", "1" -> WebSocketLimits.Deflate.ON;
            case "context" -> WebSocketLimits.Deflate.CONTEXT;
            default ->
                throw new ConfigException(
                        RouterOptions.WEBSOCKETS_DEFLATE + " " + written + ": expected on, off or context");
        };
    }

    /** Returns the highest number of a lock of the application; its number is one byte on the wire. */
    static int locks(Settings settings) {
        int number = settings.get(RouterOptions.LOCKS);
        if (number < 0 || number > 255) {
            throw new ConfigException("--locks " + number + ": expected 0 to 255");
        }
        return number;
    }

    private static int atLeastOne(Settings settings, Option<Integer> option) {
        return atLeast(1, settings, option);
    }

    private static int atLeast(int least, Settings settings, Option<Integer> option) {
        int value = settings.get(option);
        if (value < least) {
            throw new ConfigException(option + " " + value + ": expected at least " + least);
        }
        return value;
    }

    static Modifiers httpModifiers(Settings settings) {
        return modifiers(settings, RouterOptions.HTTP_MODIFIER1, RouterOptions.HTTP_MODIFIER2);
    }

    static Modifiers httpSocketModifiers(Settings settings) {
        return modifiers(settings, RouterOptions.HTTP_SOCKET_MODIFIER1, RouterOptions.HTTP_SOCKET_MODIFIER2);
    }

    private static Modifiers modifiers(Settings settings, Option<Integer> first, Option<Integer> second) {
        return new Modifiers(modifier(settings, first), modifier(settings, second));
    }

    private static int modifier(Settings settings, Option<Integer> option) {
        int number = settings.get(option);
        if (number < 0 || number > 255) {
            throw new ConfigException(option + " " + number + ": expected 0 to 255");
        }
        return number;
    }

    /** 0 turns it off; no value, 1 and words are "on" with the usual time, as uWSGI's users write it. */
    private static int keepAliveSeconds(Settings settings) {
        List<Setting> given = settings.of(RouterOptions.HTTP_KEEPALIVE);
        if (given.isEmpty()) {
            return KEEPALIVE_SECONDS;
        }
        String text = given.getLast().value();
        if (text.isEmpty() || !Character.isDigit(text.charAt(0))) {
            return OFF.contains(text.toLowerCase(Locale.ROOT)) ? 0 : KEEPALIVE_SECONDS;
        }
        int seconds = settings.get(RouterOptions.HTTP_KEEPALIVE);
        return seconds == 1 ? KEEPALIVE_SECONDS : seconds;
    }

    static PoolSettings pool(Settings settings, Buffering buffering) {
        try {
            return new PoolSettings(
                    Duration.ofSeconds(settings.get(RouterOptions.HARAKIRI)),
                    settings.get(RouterOptions.MAX_REQUESTS),
                    settings.get(RouterOptions.MAX_REQUESTS_DELTA),
                    settings.get(RouterOptions.QUEUE_LIMIT),
                    Duration.ofSeconds(settings.get(RouterOptions.QUEUE_TIMEOUT)),
                    Duration.ofSeconds(settings.get(RouterOptions.HARAKIRI_GRACEFUL_TIMEOUT)),
                    settings.get(RouterOptions.HARAKIRI_VERBOSE),
                    buffering);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("--" + e.getMessage());
        }
    }

    static @Nullable Set<PosixFilePermission> socketMode(Settings settings) {
        if (!settings.has(RouterOptions.CHMOD_SOCKET)) {
            return null;
        }
        String text = settings.get(RouterOptions.CHMOD_SOCKET).orElse("");
        String octal = text.isEmpty() ? "666" : text;
        if (octal.length() > 4 || !octal.chars().allMatch(c -> c >= '0' && c <= '7')) {
            throw new ConfigException("--chmod-socket " + text + ": expected an octal mode such as 660");
        }
        int bits = Integer.parseInt(octal, 8);
        Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] fromHigh = PosixFilePermission.values();
        for (int i = 0; i < fromHigh.length; i++) {
            if ((bits & 0400 >> i) != 0) {
                mode.add(fromHigh[i]);
            }
        }
        return mode;
    }

    static @Nullable String socketOwner(Settings settings) {
        Option<Optional<String>> option = RouterOptions.CHOWN_SOCKET;
        return settings.get(option).orElse(null);
    }

    static boolean http2(Settings settings) {
        return !settings.has(RouterOptions.HTTP2) || settings.get(RouterOptions.HTTP2);
    }

    static int eventLoops(Settings settings) {
        int wanted = settings.get(RouterOptions.HTTP_PROCESSES);
        return wanted > 0 ? wanted : Math.max(1, Runtime.getRuntime().availableProcessors() / 4);
    }
}
