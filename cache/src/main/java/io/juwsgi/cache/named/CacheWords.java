package io.juwsgi.cache.named;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteArguments;
import io.juwsgi.spi.route.RouteCondition;
import io.juwsgi.spi.route.RouteExchange;
import io.juwsgi.spi.route.RouteStep;
import io.juwsgi.spi.route.RouteText;
import io.juwsgi.spi.route.RouteWord;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The words of routes that look into named caches, with uWSGI's keys. Compiled before there are caches. */
public final class CacheWords {
    private static final String KEY_SYNTAX = "key=TEXT,name=CACHE";
    private static final String WHOLE_REQUEST = "${REQUEST_URI}";

    private final CacheRef caches;

    /** Makes words that look into these caches. */
    public CacheWords(CacheRef caches) {
        this.caches = caches;
    }

    /** Returns the conditions. */
    public List<RouteWord<RouteCondition>> conditions() {
        return List.of(new RouteWord<>(
                List.of("incache"), KEY_SYNTAX, "there is the key in the named cache", arguments -> {
                    Place place = new Place(arguments, arguments.pairs("key", "name"));
                    return exchange -> {
                        NamedCache cache = place.cache();
                        return cache != null && cache.exists(place.key(exchange));
                    };
                }));
    }

    /** Returns the actions. */
    public List<RouteWord<RouteAction>> actions() {
        List<RouteWord<RouteAction>> all = new ArrayList<>(List.of(
                new RouteWord<>(
                        List.of("cache"),
                        KEY_SYNTAX + ",content_type=TYPE,content_encoding=CODING,mime=1,no_content_length=1",
                        "answer with the value of the key when the named cache has it",
                        arguments -> answer(arguments, RouteStep.BREAK)),
                new RouteWord<>(
                        List.of("cache-continue"),
                        KEY_SYNTAX,
                        "the same, and go on with the next route",
                        arguments -> answer(arguments, RouteStep.NEXT)),
                new RouteWord<>(
                        List.of("cachestore", "cache-store"),
                        KEY_SYNTAX + ",expires=SECONDS,status=STATUS,gzip=KEY",
                        "put the response's body into the named cache when it has status 200, or that one",
                        this::store),
                new RouteWord<>(
                        List.of("cachevar"),
                        KEY_SYNTAX + ",var=NAME",
                        "set a variable to the value of the key",
                        this::variable),
                new RouteWord<>(
                        List.of("cacheset"),
                        KEY_SYNTAX + ",value=TEXT,expires=SECONDS",
                        "set the key when it is not there",
                        this::set)));
        for (Arithmetic operation : Arithmetic.values()) {
            all.add(new RouteWord<>(
                    List.of("cache" + operation.name().toLowerCase(Locale.ROOT)),
                    KEY_SYNTAX + ",value=NUMBER,expires=SECONDS",
                    "arithmetic on the number under the key",
                    arguments -> calculate(arguments, operation)));
        }
        return all;
    }

    /** A key of a cache, for each exchange anew. */
    private final class Place {
        private final RouteText key;
        private final String name;

        Place(RouteArguments arguments, Map<String, String> keys) {
            key = arguments.template(keys.getOrDefault("key", WHOLE_REQUEST));
            name = keys.getOrDefault("name", "");
        }

        @Nullable
        NamedCache cache() {
            return caches.find(name);
        }

        Bytes key(RouteExchange exchange) {
            return new Bytes(latin1(key.of(exchange)));
        }
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private RouteAction answer(RouteArguments arguments, RouteStep then) {
        Map<String, String> keys = arguments.pairs(
                "key", "name", "content_type", "content_encoding", "mime", "no_content_length", "no_cl", "no_offload");
        Place place = new Place(arguments, keys);
        Function<String, String> type = keys.containsKey("mime")
                ? key -> mime(key, keys.getOrDefault("content_type", "text/html"))
                : key -> keys.getOrDefault("content_type", "text/html");
        String encoding = keys.get("content_encoding");
        return exchange -> {
            NamedCache cache = place.cache();
            Bytes key = place.key(exchange);
            byte[] value = cache == null ? null : cache.get(key);
            if (value == null) {
                return RouteStep.NEXT;
            }
            Fields fields = exchange.begin(200, "OK");
            fields.add("Content-Type", type.apply(new String(key.array(), StandardCharsets.ISO_8859_1)));
            if (encoding != null) {
                fields.add("Content-Encoding", encoding);
            }
            exchange.send(value);
            return then;
        };
    }

    private static String mime(String key, String otherwise) {
        int query = key.indexOf('?');
        String type = URLConnection.guessContentTypeFromName(query < 0 ? key : key.substring(0, query));
        return type == null ? otherwise : type;
    }

    private RouteAction store(RouteArguments arguments) {
        Map<String, String> keys = arguments.pairs("key", "name", "expires", "status", "gzip");
        Place place = new Place(arguments, keys);
        long expires = number(keys, "expires", 0);
        int status = (int) number(keys, "status", 200);
        String gzip = keys.get("gzip");
        RouteText gzipKey = gzip == null ? null : arguments.template(gzip);
        return exchange -> {
            NamedCache cache = place.cache();
            if (cache != null && isWhole(exchange.request())) {
                Bytes key = place.key(exchange);
                Bytes second = gzipKey == null ? null : new Bytes(latin1(gzipKey.of(exchange)));
                exchange.transform(sink -> new StoringSink(sink, cache, key, second, expires, status));
            }
            return RouteStep.NEXT;
        };
    }

    /** The body of an answer to HEAD is no body, and that to a Range is a part of one, though its status is not 200 then. */
    private static boolean isWhole(Request request) {
        return !request.method().equals("HEAD");
    }

    private RouteAction variable(RouteArguments arguments) {
        Map<String, String> keys = arguments.pairs("key", "name", "var");
        Place place = new Place(arguments, keys);
        String variable = required(keys, "var");
        return exchange -> {
            NamedCache cache = place.cache();
            byte[] value = cache == null ? null : cache.get(place.key(exchange));
            if (value != null) {
                exchange.variable(variable, new String(value, StandardCharsets.ISO_8859_1));
            }
            return RouteStep.NEXT;
        };
    }

    private RouteAction set(RouteArguments arguments) {
        Map<String, String> keys = arguments.pairs("key", "name", "value", "expires");
        Place place = new Place(arguments, keys);
        RouteText value = arguments.template(required(keys, "value"));
        long expires = number(keys, "expires", 0);
        return exchange -> {
            NamedCache cache = place.cache();
            if (cache != null) {
                cache.put(place.key(exchange), latin1(value.of(exchange)), expires, false);
            }
            return RouteStep.NEXT;
        };
    }

    private RouteAction calculate(RouteArguments arguments, Arithmetic operation) {
        Map<String, String> keys = arguments.pairs("key", "name", "value", "expires");
        Place place = new Place(arguments, keys);
        boolean isFactor = operation == Arithmetic.MUL || operation == Arithmetic.DIV;
        long operand = number(keys, "value", isFactor ? 2 : 1);
        long expires = number(keys, "expires", 0);
        return exchange -> {
            NamedCache cache = place.cache();
            if (cache != null) {
                cache.calculate(place.key(exchange), operation, operand, expires);
            }
            return RouteStep.NEXT;
        };
    }

    private static String required(Map<String, String> keys, String key) {
        String value = keys.get(key);
        if (value == null) {
            throw new IllegalArgumentException(key + " is missing");
        }
        return value;
    }

    private static long number(Map<String, String> keys, String key, long otherwise) {
        String value = keys.get(key);
        if (value == null) {
            return otherwise;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: a number)", e);
        }
    }
}
