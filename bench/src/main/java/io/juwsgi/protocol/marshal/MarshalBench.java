package io.juwsgi.protocol.marshal;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The environ of a browser's request in marshal format, and the ways to write it that were weighed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class MarshalBench {
    private static final String[] ENVIRON = {
        "QUERY_STRING", "page=2&order=name",
        "REQUEST_METHOD", "GET",
        "CONTENT_TYPE", "",
        "CONTENT_LENGTH", "",
        "REQUEST_URI", "/shop/items?page=2&order=name",
        "PATH_INFO", "/shop/items",
        "DOCUMENT_ROOT", "/srv/www",
        "SERVER_PROTOCOL", "HTTP/1.1",
        "REQUEST_SCHEME", "https",
        "REMOTE_ADDR", "203.0.113.7",
        "REMOTE_PORT", "54321",
        "SERVER_PORT", "443",
        "SERVER_NAME", "www.example.org",
        "HTTP_HOST", "www.example.org",
        "HTTP_USER_AGENT", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "HTTP_ACCEPT", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "HTTP_ACCEPT_LANGUAGE", "en-GB,en;q=0.7,de;q=0.3",
        "HTTP_ACCEPT_ENCODING", "gzip, deflate, br, zstd",
        "HTTP_COOKIE", "sessionid=5hj3k4h5kj34h5k3j4h5k34j5h; csrftoken=k5j3h4k5jh34k5jh3k45jh3k45jh",
        "juwsgi.request_id", "0123456789abcdef"
    };

    private final MarshalWriter writer = new MarshalWriter();
    private final byte[] bytes = new byte[8192];
    private final Map<String, byte[]> keys = new HashMap<>();

    public MarshalBench() {
        for (int i = 0; i < ENVIRON.length; i += 2) {
            keys.put(ENVIRON[i], ENVIRON[i].getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** What {@link MarshalWriter#variable} does. */
    @Benchmark
    public int variable() {
        writer.reset();
        writer.beginDict();
        for (int i = 0; i < ENVIRON.length; i += 2) {
            writer.variable(ENVIRON[i], ENVIRON[i + 1]);
        }
        writer.endDict();
        return writer.length();
    }

    /** The general way, char by char first. */
    @Benchmark
    public int text() {
        writer.reset();
        writer.beginDict();
        for (int i = 0; i < ENVIRON.length; i += 2) {
            writer.key(ENVIRON[i]);
            writer.text(ENVIRON[i + 1]);
        }
        writer.endDict();
        return writer.length();
    }

    /** A new array for each string. */
    @Benchmark
    public int encodedArrays() {
        int at = 0;
        for (String text : ENVIRON) {
            byte[] encoded = text.getBytes(StandardCharsets.ISO_8859_1);
            System.arraycopy(encoded, 0, bytes, at, encoded.length);
            at += encoded.length + 2;
        }
        return at;
    }

    /** Char by char into the array. */
    @Benchmark
    public int charLoop() {
        int at = 0;
        int seen = 0;
        for (String text : ENVIRON) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                seen |= c;
                bytes[at++] = (byte) c;
            }
            at += 2;
        }
        return at + seen;
    }

    /** Keys found ready-made in a map: the names alone. */
    @Benchmark
    public int keysFromMap() {
        int at = 0;
        for (int i = 0; i < ENVIRON.length; i += 2) {
            byte[] key = keys.get(ENVIRON[i]);
            System.arraycopy(key, 0, bytes, at, key.length);
            at += key.length;
        }
        return at;
    }

    /** Keys copied and checked char by char: the names alone. */
    @Benchmark
    public int keysCopied() {
        writer.reset();
        for (int i = 0; i < ENVIRON.length; i += 2) {
            writer.key(ENVIRON[i]);
        }
        return writer.length();
    }
}
