package io.juwsgi.plugin.limits;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.metric.MetricSink;
import io.juwsgi.spi.metric.MetricSource;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers 429 to clients that ask too often, and tells the others how much is left. Thread-safe. */
final class RateLimitFilter implements Filter, MetricSource {
    private final List<Rule> rules;
    private final boolean headers;

    RateLimitFilter(List<Rule> rules, boolean headers) {
        this.rules = rules;
        this.headers = headers;
    }

    @Override
    public void handle(Exchange exchange, Handler next) {
        Request request = exchange.request();
        Standing standing = new Standing();
        long now = System.nanoTime();
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            long client = rule.counts(request.path()) ? rule.subject().of(request) : Subject.NOBODY;
            if (client != Subject.NOBODY) {
                long left = rule.take(client, now);
                standing.add(rule, left);
                if (left < 0) {
                    refuse(exchange, standing, left);
                    return;
                }
            }
        }
        next.handle(headers && standing.counts() ? exchange.withResponse(standing.around(exchange)) : exchange);
    }

    private void refuse(Exchange exchange, Standing standing, long wait) {
        long seconds = Rule.seconds(-wait);
        Fields fields = Fields.of("Content-Type", "text/plain; charset=utf-8", "Retry-After", Long.toString(seconds));
        if (headers) {
            standing.tell(fields);
        }
        exchange.account().why("rate-limited");
        exchange.response().head(new Response(429, "Too Many Requests", fields));
        String text =
                "Too many requests. Please try again in " + seconds + (seconds == 1 ? " second.\n" : " seconds.\n");
        exchange.response().data(Chunk.of(text.getBytes(StandardCharsets.UTF_8)));
        exchange.response().end();
    }

    /** How a client stands with the limits that count its request. Owned by the exchange's event loop. */
    private static final class Standing {
        private String policies = "";
        private String lefts = "";

        void add(Rule rule, long left) {
            String told = rule.told(left);
            policies = policies.isEmpty() ? rule.policy() : policies + ", " + rule.policy();
            lefts = lefts.isEmpty() ? told : lefts + ", " + told;
        }

        boolean counts() {
            return !policies.isEmpty();
        }

        void tell(Fields fields) {
            fields.set("RateLimit-Policy", policies);
            fields.set("RateLimit", lefts);
        }

        ForwardingSink around(Exchange exchange) {
            return new ForwardingSink(exchange.response()) {
                @Override
                public void head(Response head) {
                    tell(head.fields());
                    super.head(head);
                }
            };
        }
    }

    @Override
    public void metrics(MetricSink sink) {
        for (Rule rule : rules) {
            sink.counter(
                    "rate_limit_passed",
                    "Requests that kept to a limit.",
                    rule.state().passed().sum(),
                    "limit",
                    rule.name());
            sink.counter(
                    "rate_limit_refused",
                    "Requests that were answered with 429.",
                    rule.state().refused().sum(),
                    "limit",
                    rule.name());
        }
    }
}
