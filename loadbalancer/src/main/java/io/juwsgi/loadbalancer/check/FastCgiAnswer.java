package io.juwsgi.loadbalancer.check;

import io.juwsgi.protocol.fastcgi.FastCgiException;
import io.juwsgi.protocol.fastcgi.FastCgiHeader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads the head of a FastCGI answer, as far as a health check looks at it. Used by one thread. */
final class FastCgiAnswer {
    /** The number of the request. */
    static final int REQUEST_ID = 1;

    /** So much is read before the head is over, with all that is around it, in bytes. */
    private static final int MOST = 64 << 10;

    /** In characters. */
    private static final int LONGEST_COMPLAINT = 200;

    private static final int OK = 200;
    private static final int FOUND = 302;
    private static final int PROTOCOL_STATUS = 4;

    /** What the protocol's status says, by its number. */
    private static final String[] REFUSALS = {"", "takes one request a connection", "is overloaded", "is no responder"};

    /** Where the bytes come from. */
    @FunctionalInterface
    interface Input {
        /** Returns so many bytes; throws {@link IOException} when there are less. */
        byte[] read(int count) throws IOException;
    }

    private final Input input;
    private final StringBuilder head = new StringBuilder();
    private String complaint = "";
    private int read;

    FastCgiAnswer(Input input) {
        this.input = input;
    }

    /**
     * Returns the status that the head tells of: 200 when it has none.
     *
     * @throws IOException when there is no such answer; the message says why
     */
    int status() throws IOException {
        while (true) {
            FastCgiHeader header = header();
            byte[] content = take(header.content());
            var _ = take(header.padding());
            switch (header.type()) {
                case FastCgiHeader.STDOUT -> {
                    head.append(new String(content, StandardCharsets.ISO_8859_1));
                    if (isWhole()) {
                        return statusOfHead();
                    }
                }
                case FastCgiHeader.END_REQUEST -> throw new IOException(ended(content));
                case FastCgiHeader.STDERR -> complain(content);
                default -> throw new IOException("answered with a record of type " + header.type());
            }
        }
    }

    private void complain(byte[] content) {
        String text = new String(content, 0, Math.min(content.length, LONGEST_COMPLAINT), StandardCharsets.ISO_8859_1);
        if (complaint.isEmpty()) {
            complaint = text.replaceAll("[^ -~]+", " ").strip();
        }
    }

    /** Returns what the application complained of before its answer, such as {@code Primary script unknown}; empty when it did not. */
    String complaint() {
        return complaint;
    }

    private FastCgiHeader header() throws IOException {
        try {
            FastCgiHeader header = FastCgiHeader.read(take(FastCgiHeader.SIZE), 0);
            if (header.requestId() != REQUEST_ID) {
                throw new IOException("answered another request");
            }
            return header;
        } catch (FastCgiException e) {
            throw new IOException("answered something else than FastCGI", e);
        }
    }

    private byte[] take(int count) throws IOException {
        read += count;
        if (read > MOST) {
            throw new IOException("answered with a head of more than " + MOST + " bytes");
        }
        return input.read(count);
    }

    private boolean isWhole() {
        return head.indexOf("\n\n") >= 0 || head.indexOf("\n\r\n") >= 0;
    }

    private int statusOfHead() throws IOException {
        int status = OK;
        for (String line : head.toString().split("\r?\n", -1)) {
            if (line.isEmpty()) {
                break;
            }
            String small = line.toLowerCase(Locale.ROOT);
            if (small.matches("status:[ \t]*[1-5][0-9]{2}([ \t].*)?")) {
                return Integer.parseInt(small.substring(7).strip().substring(0, 3));
            }
            if (small.startsWith("status:")) {
                throw new IOException("answered with a bad status");
            }
            status = small.startsWith("location:") ? FOUND : status;
        }
        return status;
    }

    private static String ended(byte[] content) {
        int why = content.length > PROTOCOL_STATUS ? content[PROTOCOL_STATUS] & 0xFF : 0;
        return why > 0 && why < REFUSALS.length ? REFUSALS[why] : "ended the request without an answer";
    }
}
