package io.juwsgi.spi.http;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How a request for a file is answered: the head, and which bytes follow it. Conditions and ranges are those of RFC 9110.
 *
 * @param status 200, 206, 304, 412 or 416
 * @param reason the reason phrase
 * @param fields with validators, Content-Type, Content-Range and Content-Length, as far as the status has them
 * @param parts what of the file is sent, in this order; empty for no body, and for HEAD
 * @param close what stands behind the last part, ASCII; empty but for several parts
 */
public record FileReply(int status, String reason, Fields fields, List<Part> parts, String close) {
    /**
     * A part of the file.
     *
     * @param before what stands before it, ASCII; empty but for several parts
     * @param from the offset of its first byte
     * @param count how many bytes
     */
    public record Part(String before, long from, long count) {}

    /** Answers a request with {@code bytes}: as its conditions and ranges say for GET and HEAD, whole for other methods. */
    public static FileReply to(Request request, Representation bytes) {
        String method = request.method();
        boolean read = method.equals("GET") || method.equals("HEAD");
        if (!read || !mayDiffer(request.fields())) {
            return whole(request, bytes);
        }
        return switch (Conditions.of(request.fields(), bytes)) {
            case FAILED -> new FileReply(412, "Precondition Failed", new Fields(), List.of(), "");
            case NOT_MODIFIED -> new FileReply(304, "Not Modified", confirmed(bytes), List.of(), "");
            case HOLD -> inRange(request, bytes);
        };
    }

    /** Returns whether there is a field that can make the answer another one than the whole file. */
    private static boolean mayDiffer(Fields fields) {
        int count = fields.size();
        for (int i = 0; i < count; i++) {
            String name = fields.name(i);
            boolean range = name.length() == 5 && name.equalsIgnoreCase("range");
            if (range || name.regionMatches(true, 0, "if-", 0, 3)) {
                return true;
            }
        }
        return false;
    }

    /** What a 304 says: the tag, and the date only where there is none (RFC 9110 section 15.4.5). */
    private static Fields confirmed(Representation bytes) {
        String etag = bytes.etag();
        return etag == null ? Fields.of("Last-Modified", bytes.lastModified()) : Fields.of("ETag", etag);
    }

    private static Fields validators(Representation bytes) {
        Fields fields = new Fields(8);
        fields.add("Last-Modified", bytes.lastModified());
        String etag = bytes.etag();
        if (etag != null) {
            fields.add("ETag", etag);
        }
        return fields;
    }

    private static Fields described(Representation bytes) {
        Fields fields = validators(bytes);
        String type = bytes.type();
        if (type != null) {
            fields.add("Content-Type", type);
        }
        return fields;
    }

    private static FileReply whole(Request request, Representation bytes) {
        Fields fields = described(bytes);
        fields.add("Accept-Ranges", "bytes");
        fields.add("Content-Length", Long.toString(bytes.size()));
        boolean head = request.method().equals("HEAD");
        List<Part> parts = head || bytes.size() == 0 ? List.of() : List.of(new Part("", 0, bytes.size()));
        return new FileReply(200, "OK", fields, parts, "");
    }

    private static FileReply inRange(Request request, Representation bytes) {
        String range = request.fields().first("range");
        if (range == null
                || !request.method().equals("GET")
                || !Conditions.ifRange(request.fields().first("if-range"), bytes)) {
            return whole(request, bytes);
        }
        ByteRanges ranges = ByteRanges.parse(range, bytes.size());
        if (ranges == null) {
            return whole(request, bytes);
        }
        if (ranges.parts().isEmpty()) {
            Fields fields = Fields.of("Content-Range", "bytes */" + bytes.size());
            return new FileReply(416, "Range Not Satisfiable", fields, List.of(), "");
        }
        return ranges.parts().size() == 1
                ? onePart(ranges.parts().getFirst(), bytes)
                : severalParts(ranges.parts(), bytes);
    }

    private static String contentRange(ByteRanges.Part part, Representation bytes) {
        return "bytes " + part.from() + "-" + part.to() + "/" + bytes.size();
    }

    private static FileReply onePart(ByteRanges.Part part, Representation bytes) {
        Fields fields = described(bytes);
        fields.add("Content-Range", contentRange(part, bytes));
        fields.add("Content-Length", Long.toString(part.count()));
        return partial(fields, List.of(new Part("", part.from(), part.count())), "");
    }

    private static FileReply severalParts(List<ByteRanges.Part> ranges, Representation bytes) {
        // Text that stands in no file by chance.
        String boundary = Long.toHexString(ThreadLocalRandom.current().nextLong())
                + Long.toHexString(ThreadLocalRandom.current().nextLong());
        List<Part> parts = new ArrayList<>(ranges.size());
        long length = 0;
        for (ByteRanges.Part range : ranges) {
            String before = "\r\n--" + boundary + "\r\n" + typeLine(bytes.type()) + "Content-Range: "
                    + contentRange(range, bytes) + "\r\n\r\n";
            parts.add(new Part(before, range.from(), range.count()));
            length += before.length() + range.count();
        }
        String close = "\r\n--" + boundary + "--\r\n";
        Fields fields = validators(bytes);
        fields.add("Content-Type", "multipart/byteranges; boundary=" + boundary);
        fields.add("Content-Length", Long.toString(length + close.length()));
        return partial(fields, parts, close);
    }

    private static FileReply partial(Fields fields, List<Part> parts, String close) {
        return new FileReply(206, "Partial Content", fields, parts, close);
    }

    private static String typeLine(@Nullable String type) {
        return type == null ? "" : "Content-Type: " + type + "\r\n";
    }
}
