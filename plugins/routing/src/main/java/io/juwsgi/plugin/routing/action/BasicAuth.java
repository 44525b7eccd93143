package io.juwsgi.plugin.routing.action;

import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteArguments;
import io.juwsgi.spi.route.RouteExchange;
import io.juwsgi.spi.route.RouteStep;
import io.juwsgi.spi.route.RouteWord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Basic authentication (RFC 7617) against one user or a file of users. */
final class BasicAuth implements RouteAction {
    private final String challenge;
    private final Users users;
    private final boolean othersMayPass;

    /** Who has which password. */
    sealed interface Users {

        /** Returns whether this is the user's password. */
        boolean knows(String user, String password);

        /** One user, written in the route as {@code USER:PASSWORD}. */
        record One(String credentials) implements Users {
            @Override
            public boolean knows(String user, String password) {
                byte[] given = (user + ":" + password).getBytes(StandardCharsets.ISO_8859_1);
                // In the same time for every wrong one.
                return MessageDigest.isEqual(given, credentials.getBytes(StandardCharsets.UTF_8));
            }
        }

        /** The users of a file. */
        record Listed(PasswordFile file) implements Users {
            @Override
            public boolean knows(String user, String password) {
                return file.knows(user, password);
            }
        }
    }

    private BasicAuth(String realm, Users users, boolean othersMayPass) {
        this.challenge = "Basic realm=\"" + realm + "\"";
        this.users = users;
        this.othersMayPass = othersMayPass;
    }

    static List<RouteWord<RouteAction>> words() {
        return List.of(
                new RouteWord<>(
                        List.of("basicauth"),
                        "REALM,USER:PASSWORD|FILE",
                        "ask for a user and password, or one of a file with {SHA} passwords; sets REMOTE_USER",
                        arguments -> compile(arguments, false)),
                new RouteWord<>(
                        List.of("basicauth-next"),
                        "REALM,USER:PASSWORD|FILE",
                        "the same, but wrong ones go on with the next route",
                        arguments -> compile(arguments, true)));
    }

    private static RouteAction compile(RouteArguments arguments, boolean othersMayPass) {
        int comma = arguments.text().indexOf(',');
        if (comma < 0) {
            // The text may hold a password.
            throw new IllegalArgumentException("there is no comma (expected: REALM,USER:PASSWORD or REALM,FILE)");
        }
        String realm = arguments.text().substring(0, comma);
        String rest = arguments.text().substring(comma + 1);
        Users users = rest.indexOf(':') >= 0
                ? new Users.One(rest)
                : new Users.Listed(PasswordFile.of(Path.of(rest), arguments.logger()));
        return new BasicAuth(realm.replace("\"", ""), users, othersMayPass);
    }

    @Override
    public RouteStep act(RouteExchange exchange) {
        if (!exchange.variable("REMOTE_USER").isEmpty()) {
            return RouteStep.NEXT;
        }
        String credentials = credentials(exchange.variable("HTTP_AUTHORIZATION"));
        int colon = credentials == null ? -1 : credentials.indexOf(':');
        if (credentials == null || colon < 0) {
            return ask(exchange);
        }
        String user = credentials.substring(0, colon);
        if (users.knows(user, credentials.substring(colon + 1))) {
            exchange.variable("REMOTE_USER", user);
            return RouteStep.NEXT;
        }
        return othersMayPass ? RouteStep.NEXT : ask(exchange);
    }

    private static @Nullable String credentials(String authorization) {
        if (!authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            return null;
        }
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(authorization.substring(6).strip());
            return new String(decoded, StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private RouteStep ask(RouteExchange exchange) {
        exchange.begin(401, "Authorization Required").add("WWW-Authenticate", challenge);
        exchange.send("Unauthorized".getBytes(StandardCharsets.US_ASCII));
        return RouteStep.BREAK;
    }
}
