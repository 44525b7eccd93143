package io.juwsgi.spi.http;

import io.juwsgi.spi.exchange.Fields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conditions that a request makes (RFC 9110 section 13). Any thread. */
public final class Conditions {

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
        return isNotModified(fields, bytes.etag(), bytes.modified()) ? Outcome.NOT_MODIFIED : Outcome.HOLD;
    }

    /**
     * Returns whether the client of a GET or HEAD request has what it asks for, so that the answer is 304: by If-None-Match,
     * and by If-Modified-Since only without that (RFC 9110 section 13.2.2).
     *
     * @param fields the request's
     * @param etag the entity tag of what there is, null for none
     * @param modified when it was changed last, in seconds since 1970; less than 0 when that is not known
     */
    public static boolean isNotModified(Fields fields, @Nullable String etag, long modified) {
        if (fields.contains("if-none-match")) {
            return matches(fields.all("if-none-match"), etag, false);
        }
        return modified >= 0 && HttpDates.seconds(fields.first("if-modified-since")) >= modified;
    }

    /** Returns whether a part still fits what the client has (section 13.1.5). */
    static boolean ifRange(@Nullable String validator, Representation bytes) {
        return validator == null || validator.equals(bytes.etag()) || validator.equals(bytes.lastModified());
    }

    private static boolean matches(List<String> lists, @Nullable String etag, boolean strong) {
        for (String list : lists) {
            if (list.strip().equals("*") || (etag != null && lists(list, etag, strong))) {
                return true;
            }
        }
        return false;
    }

    private static boolean lists(String list, String etag, boolean strong) {
        return strong ? EntityTags.listedStrong(list, etag) : EntityTags.listed(list, etag);
    }
}
