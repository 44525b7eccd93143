package io.juwsgi.router.proxy;

import io.juwsgi.spi.exchange.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The fields in which proxies tell of their clients: {@code X-Forwarded-*}, and {@code Forwarded} of RFC 7239. */
final class ForwardedFields {
    /** Those that are understood or that applications believe. */
    static final List<String> X = List.of(
            "X-Forwarded-For",
            "X-Forwarded-Proto",
            "X-Forwarded-Host",
            "X-Forwarded-Port",
            "X-Forwarded-Prefix",
            "X-Forwarded-Server",
            "X-Forwarded-Ssl",
            "X-Real-IP");

    private ForwardedFields() {}

    static boolean isOne(String name) {
        if (name.equalsIgnoreCase("forwarded")) {
            return true;
        }
        for (int i = 0; i < X.size(); i++) {
            if (X.get(i).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** Reads the fields that begin with X. */
    static Hops x(Fields fields) {
        String port = last(fields, "x-forwarded-port");
        return new Hops(
                values(fields, "x-forwarded-for"),
                scheme(last(fields, "x-forwarded-proto")),
                last(fields, "x-forwarded-host"),
                port != null && Addresses.port(port) > 0 ? port : null);
    }

    private static List<String> values(Fields fields, String name) {
        List<String> values = new ArrayList<>(4);
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equalsIgnoreCase(name)) {
                for (String value : fields.value(i).split(",", -1)) {
                    values.add(value.strip());
                }
            }
        }
        return values;
    }

    private static @Nullable String last(Fields fields, String name) {
        List<String> values = values(fields, name);
        return values.isEmpty() || values.getLast().isEmpty() ? null : values.getLast();
    }

    private static @Nullable String scheme(@Nullable String text) {
        String lower = text == null ? "" : text.toLowerCase(Locale.ROOT);
        return lower.equals("http") || lower.equals("https") ? lower : null;
    }

    /** Reads Forwarded; one that is not as RFC 7239 section 4 wants it says nothing. */
    static Hops standard(Fields fields) {
        List<String> clients = new ArrayList<>(4);
        String scheme = null;
        String host = null;
        for (int i = 0; i < fields.size(); i++) {
            if (!fields.name(i).equalsIgnoreCase("forwarded")) {
                continue;
            }
            List<List<String>> elements = ForwardedElements.read(fields.value(i));
            if (elements == null) {
                return Hops.NONE;
            }
            for (List<String> element : elements) {
                clients.add(value(element, "for"));
                scheme = scheme(value(element, "proto"));
                String said = value(element, "host");
                host = said.isEmpty() ? null : said;
            }
        }
        return new Hops(clients, scheme, host, null);
    }

    private static String value(List<String> pairs, String name) {
        for (int i = 0; i < pairs.size(); i += 2) {
            if (pairs.get(i).equals(name)) {
                return pairs.get(i + 1);
            }
        }
        return "";
    }
}
