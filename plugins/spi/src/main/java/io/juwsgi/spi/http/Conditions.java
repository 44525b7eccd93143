package io.juwsgi.spi.http;

import io.juwsgi.spi.exchange.Fields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conditions that a request makes (RFC 9110 section 13). */
final class Conditions {

    /** What becomes of the request. */
    enum Outcome {
        /** It is answered. */
        HOLD,
        /** 304: the client has it. */
        NOT_MODIFIED,
        /** 412. */
        FAILED
    }

    private Conditions() {}

    /** Looks at the conditions in the order of section 13.2.2; those that read "since" only count without a tag's. */
    static Outcome of(Fields fields, Representation bytes) {
        if (fields.contains("if-match")) {
            if (!matches(fields.all("if-match"), bytes.etag(), true)) {
                return Outcome.FAILED;
            }
        } else {
            long since = HttpDates.seconds(fields.first("if-unmodified-since"));
            if (since >= 0 && bytes.modified() > since) {
                return Outcome.FAILED;
            }
        }
        if (fields.contains("if-none-match")) {
            return matches(fields.all("if-none-match"), bytes.etag(), false) ? Outcome.NOT_MODIFIED : Outcome.HOLD;
        }
        long since = HttpDates.seconds(fields.first("if-modified-since"));
        return since >= bytes.modified() ? Outcome.NOT_MODIFIED : Outcome.HOLD;
    }

    /** Returns whether a part still fits what the client has (section 13.1.5). */
    static boolean ifRange(@Nullable String validator, Representation bytes) {
        return validator == null || validator.equals(bytes.etag()) || validator.equals(bytes.lastModified());
    }

    private static boolean matches(List<String> fields, @Nullable String etag, boolean strong) {
        for (String field : fields) {
            if (field.strip().equals("*") || (etag != null && lists(field, etag, strong))) {
                return true;
            }
        }
        return false;
    }

    private static boolean lists(String field, String etag, boolean strong) {
        int at = field.indexOf(etag);
        while (at >= 0) {
            boolean weak = at >= 2 && field.startsWith("W/", at - 2);
            if (isBorder(field, weak ? at - 3 : at - 1) && isBorder(field, at + etag.length()) && !(weak && strong)) {
                return true;
            }
            at = field.indexOf(etag, at + 1);
        }
        return false;
    }

    private static boolean isBorder(String field, int at) {
        return at < 0 || at >= field.length() || field.charAt(at) == ',' || field.charAt(at) == ' ';
    }
}
