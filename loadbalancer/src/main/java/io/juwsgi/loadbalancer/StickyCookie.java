package io.juwsgi.loadbalancer;

import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.balance.Selection;
import io.juwsgi.spi.exchange.Fields;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a client with the endpoint that answered it first, by a cookie that holds a hash of the endpoint's address: the
 * client learns nothing of it, and every gateway understands every other's cookies. New clients, and those whose endpoint
 * cannot take them, go where there is least to do. Owned by one event loop.
 */
final class StickyCookie implements Balancer {
    private final String cookie;
    private final String attributes;
    private final Balancer others;
    private Map<String, Endpoint> byToken = Map.of();

    StickyCookie(StickySettings settings, RandomGenerator random) {
        cookie = settings.name();
        attributes = "; Path=/; HttpOnly; SameSite=Lax"
                + settings.maxAge().map(age -> "; Max-Age=" + age.toSeconds()).orElse("");
        others = new LeastConnections(random, true);
    }

    @Override
    public void endpoints(List<Endpoint> endpoints) {
        Map<String, Endpoint> tokens = new HashMap<>();
        endpoints.forEach(one -> tokens.put(token(one), one));
        byToken = tokens;
        others.endpoints(endpoints);
    }

    private static String token(Endpoint endpoint) {
        return String.format("%016x", Hashes.of(endpoint.address(), 3));
    }

    @Override
    public @Nullable Endpoint choose(Selection selection) {
        Endpoint kept = wanted(selection);
        return kept != null && selection.allows(kept) ? kept : others.choose(selection);
    }

    private @Nullable Endpoint wanted(Selection selection) {
        Fields fields = selection.request().fields();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equalsIgnoreCase("cookie")) {
                for (String pair : fields.value(i).split(";", -1)) {
                    String one = pair.strip();
                    if (one.startsWith(cookie) && one.startsWith("=", cookie.length())) {
                        return byToken.get(one.substring(cookie.length() + 1));
                    }
                }
            }
        }
        return null;
    }

    @Override
    public void answered(Selection selection, Endpoint endpoint, Fields fields) {
        if (!endpoint.equals(wanted(selection))) {
            boolean secure = selection.request().scheme().equals("https");
            fields.add("Set-Cookie", cookie + "=" + token(endpoint) + attributes + (secure ? "; Secure" : ""));
        }
    }
}
