package com.example.jwt;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.exchange.ChangedRequest;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.extension.Extension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Brings the filter {@code jwt}: {@code --jwt-algorithm rs256 --jwt-key public.pem}. */
public final class JwtPlugin implements Plugin {
    private final InstantSource clock;

    /** Makes the plugin as the server does. */
    public JwtPlugin() {
        this(InstantSource.system());
    }

    JwtPlugin(InstantSource clock) {
        this.clock = clock;
    }

    /** Who gets in. */
    @Doc("let in requests with a valid JSON Web Token only")
    record Settings(
            @Doc("how tokens are signed, the only way that is accepted")
            Algorithm algorithm,

            @Doc("file with the secret (hs256) or the public key in PEM (rs256)")
            Path key,

            @Doc("who must have issued the token (iss)") Optional<String> issuer,
            @Doc("whom the token must be for (aud)") Optional<String> audience,

            @Default("30s") @Doc("how wrong clocks may be") Duration leeway,

            @Doc("path that everybody may ask, with everything below it")
            List<String> open,

            @Default("X-Subject") @Doc("field in which the application finds the token's subject")
            String field) {

        Settings {
            for (String path : open) {
                if (!path.startsWith("/")) {
                    throw new IllegalArgumentException("open: " + path + " (expected: beginning with a slash)");
                }
            }
        }

        boolean isOpen(String path) {
            return open.stream()
                    .anyMatch(prefix ->
                            path.equals(prefix) || path.startsWith(prefix.endsWith("/") ? prefix : prefix + "/"));
        }
    }

    @Override
    public String name() {
        return "jwt";
    }

    @Override
    public void register(Extensions extensions) {
        extensions.filter(Phase.ACCESS, new Extension<>("jwt", Settings.class, (settings, context) -> {
            Verifier verifier = Keys.read(settings.algorithm(), settings.key());
            return new JwtFilter(
                    settings, new Checker(verifier, settings.issuer(), settings.audience(), settings.leeway(), clock));
        }));
    }

    /** Thread-safe: it keeps nothing of an exchange. */
    private record JwtFilter(Settings settings, Checker checker) implements Filter {
        @Override
        public void handle(Exchange exchange, Handler next) {
            // Whatever a client calls its subject does not reach the application.
            ChangedRequest request = new ChangedRequest(exchange.request()).withoutField(settings.field());
            try {
                if (!settings.isOpen(exchange.request().path())) {
                    String subject = checker.subject(token(exchange.request().fields()));
                    if (!subject.isEmpty()) {
                        request.field(settings.field(), subject);
                    }
                }
            } catch (InvalidTokenException e) {
                refuse(exchange, String.valueOf(e.getMessage()));
                return;
            }
            next.handle(exchange.withRequest(request));
        }

        /** RFC 6750 section 2.1; two fields are as bad as none, since nobody knows which of them counts. */
        private static String token(Fields fields) throws InvalidTokenException {
            List<String> given = fields.all("authorization");
            if (given.size() != 1 || !given.getFirst().regionMatches(true, 0, "Bearer ", 0, 7)) {
                throw new InvalidTokenException("a bearer token is needed");
            }
            return given.getFirst().substring(7).strip();
        }

        /** RFC 6750 section 3. */
        private static void refuse(Exchange exchange, String why) {
            exchange.account().why("jwt");
            exchange.response()
                    .head(new Response(
                            401,
                            "Unauthorized",
                            Fields.of(
                                    "Content-Type",
                                    "text/plain",
                                    "WWW-Authenticate",
                                    "Bearer error=\"invalid_token\", error_description=\"" + why + "\"")));
            if (!exchange.request().method().equals("HEAD")) {
                exchange.response().data(Chunk.of((why + "\n").getBytes(StandardCharsets.US_ASCII)));
            }
            exchange.response().end();
        }
    }
}
