package io.juwsgi.plugin.redis;

import io.juwsgi.spi.balance.Member;
import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Who has registered: {@code PREFIXm:NAME} is a sorted set of members, each as a line of text with the time at which it is left out.
 * All times are Redis's own. Thread-safe.
 */
final class Registry implements AutoCloseable {
    /** More members than this are an attack or a mistake. */
    static final int MOST = 1000;

    private static final int LONGEST = 512;

    private static final String NOW = "local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000) ";

    /** KEYS: the set; ARGV: the member, its time to live in milliseconds. */
    private static final String PUT = NOW
            + "redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now) "
            + "redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1]) "
            + "redis.call('PEXPIRE', KEYS[1], ARGV[2] * 4) "
            + "return 1";

    /** KEYS: the set; ARGV: the most members that are wanted. */
    private static final String READ =
            NOW + "return redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf', 'LIMIT', 0, ARGV[1])";

    private final RedisLink link;
    private final String prefix;

    private Registry(RedisLink link, String prefix) {
        this.link = link;
        this.prefix = prefix;
    }

    /**
     * Begins to connect.
     *
     * @throws IOException when the password cannot be read
     */
    static Registry open(RedisSettings settings) throws IOException {
        return new Registry(RedisLink.forCommands(settings), settings.prefix());
    }

    private byte[][] key(String name) {
        return new byte[][] {bytes(prefix + "m:" + name)};
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Registers a member for a while. */
    CompletionStage<Long> put(String name, String member, Duration life) {
        return link.commands()
                .<Long>eval(
                        PUT, ScriptOutputType.INTEGER, key(name), bytes(member), bytes(Long.toString(life.toMillis())));
    }

    /** Takes a member out. */
    CompletionStage<Long> remove(String name, String member) {
        return link.commands().zrem(key(name)[0], bytes(member));
    }

    /** Finds the members there are; what is none is left out. */
    CompletionStage<List<Member>> members(String name) {
        return link.commands()
                .<List<byte[]>>eval(READ, ScriptOutputType.MULTI, key(name), bytes(Integer.toString(MOST)))
                .thenApply(Registry::members);
    }

    private static List<Member> members(List<byte[]> lines) {
        List<Member> members = new ArrayList<>();
        for (byte[] line : lines) {
            try {
                members.add(member(line));
            } catch (IllegalArgumentException e) {
                System.getLogger(Registry.class.getName())
                        .log(System.Logger.Level.DEBUG, "a member is left out: " + e.getMessage());
            }
        }
        members.sort((a, b) -> a.address().compareTo(b.address()));
        return List.copyOf(members);
    }

    /**
     * Reads a member. Whoever can write to Redis chooses addresses, and no files.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Member member(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        boolean plain = text.length() <= LONGEST && text.chars().allMatch(c -> c >= ' ' && c < 127);
        if (!plain || text.indexOf('/') >= 0) {
            throw new IllegalArgumentException("a line of " + text.length() + " characters (expected: HOST:PORT, up to "
                    + LONGEST + " of printable ASCII)");
        }
        return Member.parse(text);
    }

    @Override
    public void close() {
        link.close();
    }
}
