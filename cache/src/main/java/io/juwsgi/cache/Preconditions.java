package io.juwsgi.cache;

import io.juwsgi.spi.exchange.Fields;
import java.util.List;

/** A client's conditions, looked at by the cache in the application's place (RFC 9111 section 4.3.2). */
final class Preconditions {
    private Preconditions() {}

    /** Returns whether the client has what is stored: it gets 304. */
    static boolean notModified(Fields request, StoredResponse stored) {
        if (stored.status() != 200) {
            return false;
        }
        if (request.contains("if-none-match")) {
            return matches(request.all("if-none-match"), stored);
        }
        long since = HttpDate.parse(request.first("if-modified-since"));
        String modified = stored.fields().first("last-modified");
        long changed =
                HttpDate.parse(modified != null ? modified : stored.fields().first("date"));
        return since != HttpDate.INVALID && changed != HttpDate.INVALID && changed <= since;
    }

    private static boolean matches(List<String> lists, StoredResponse stored) {
        String tag = stored.fields().first("etag");
        for (int i = 0; i < lists.size(); i++) {
            String list = lists.get(i);
            if (list.strip().equals("*") || (tag != null && EntityTags.listed(list, tag))) {
                return true;
            }
        }
        return false;
    }
}
