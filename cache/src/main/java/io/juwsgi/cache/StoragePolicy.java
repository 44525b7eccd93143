package io.juwsgi.cache;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;

/** What a shared cache may store (RFC 9111 section 3). */
final class StoragePolicy {
    private StoragePolicy() {}

    /** Returns whether the response to {@code request} may be stored, Vary aside. */
    static boolean allows(Request request, Response response, CacheControl control, Freshness freshness) {
        Fields fields = response.fields();
        return request.method().equals("GET")
                && understood(response.status())
                && !control.noStore()
                && !control.isPrivate()
                && !fields.contains("set-cookie")
                && !fields.contains("content-range")
                && worthIt(fields, control, freshness)
                && (control.allowsAuthorized() || !authorized(request));
    }

    private static boolean understood(int status) {
        return switch (status) {
            case 200, 203, 204, 300, 301, 308, 404, 410 -> true;
            default -> false;
        };
    }

    /** Returns whether the response says how long it is fresh, and can be of use: now, or after a validation. */
    private static boolean worthIt(Fields fields, CacheControl control, Freshness freshness) {
        boolean validator = fields.contains("etag") || fields.contains("last-modified");
        if (control.noCache() || freshness.lifetime() == 0) {
            return validator;
        }
        return freshness.lifetime() != CacheControl.ABSENT;
    }

    /** Returns whether the answer may be for one user; a proxy that checked the user itself says REMOTE_USER. */
    private static boolean authorized(Request request) {
        if (request.fields().contains("authorization")) {
            return true;
        }
        boolean[] user = {false};
        request.variables((name, value) -> user[0] |= name.equals("REMOTE_USER") && !value.isEmpty());
        return user[0];
    }
}
