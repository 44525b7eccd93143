package com.example.rewrite;

import io.juwsgi.config.typed.Doc;
import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.exchange.ChangedRequest;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.extension.Extension;
import java.util.List;

/** Brings the filter {@code rewrite-headers}: {@code --rewrite-headers-response "Location: ^http: => https:"}. */
public final class RewriteHeadersPlugin implements Plugin {

    /** Which fields are rewritten; a value that becomes empty removes its field. */
    @Doc("rewrite header fields with regular expressions")
    record Settings(
            @Doc("a rule for requests, Name: pattern => replacement of the first match")
            List<String> request,

            @Doc("a rule for responses, in the same form") List<String> response) {

        Settings {
            var _ = rules("request", request);
            var _ = rules("response", response);
        }

        static List<Rule> rules(String component, List<String> texts) {
            return texts.stream().map(text -> Rule.of(component, text)).toList();
        }
    }

    @Override
    public String name() {
        return "rewrite-headers";
    }

    @Override
    public void register(Extensions extensions) {
        extensions.filter(
                Phase.REWRITE,
                new Extension<>(
                        "rewrite-headers",
                        Settings.class,
                        (settings, context) -> new RewriteFilter(
                                Settings.rules("request", settings.request()),
                                Settings.rules("response", settings.response()))));
    }

    /** Thread-safe: it keeps nothing of an exchange. */
    private record RewriteFilter(List<Rule> onRequest, List<Rule> onResponse) implements Filter {
        @Override
        public void handle(Exchange exchange, Handler next) {
            Exchange changed = exchange.withRequest(rewritten(exchange.request()));
            if (onResponse.isEmpty()) {
                next.handle(changed);
                return;
            }
            next.handle(changed.withResponse(new ForwardingSink(exchange.response()) {
                @Override
                public void head(Response head) {
                    rewrite(head);
                    super.head(head);
                }
            }));
        }

        private Request rewritten(Request request) {
            ChangedRequest changed = new ChangedRequest(request);
            for (Rule rule : onRequest) {
                String value = rule.apply(changed.fields());
                if (value != null && value.isEmpty()) {
                    changed.withoutField(rule.field());
                } else if (value != null) {
                    changed.field(rule.field(), value);
                }
            }
            return changed;
        }

        private void rewrite(Response head) {
            for (Rule rule : onResponse) {
                String value = rule.apply(head.fields());
                if (value != null && value.isEmpty()) {
                    head.fields().remove(rule.field());
                } else if (value != null) {
                    head.fields().set(rule.field(), value);
                }
            }
        }
    }
}
