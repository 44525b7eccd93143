package io.juwsgi.plugin.headers;

import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Response;
import java.util.List;

/** Removes, sets and adds header fields of every response. Immutable. */
final class HeaderFilter implements Filter {
    private final List<Field> set;
    private final List<Field> add;
    private final List<String> remove;

    HeaderFilter(HeaderSettings settings) {
        set = settings.set().stream().map(text -> Field.parse("set", text)).toList();
        add = settings.add().stream().map(text -> Field.parse("add", text)).toList();
        remove = List.copyOf(settings.remove());
    }

    @Override
    public void handle(Exchange exchange, Handler next) {
        next.handle(exchange.withResponse(new ForwardingSink(exchange.response()) {
            @Override
            public void head(Response head) {
                change(head.fields());
                super.head(head);
            }
        }));
    }

    private void change(Fields fields) {
        for (int i = 0; i < remove.size(); i++) {
            fields.remove(remove.get(i));
        }
        for (int i = 0; i < set.size(); i++) {
            fields.set(set.get(i).name(), set.get(i).value());
        }
        for (int i = 0; i < add.size(); i++) {
            fields.add(add.get(i).name(), add.get(i).value());
        }
    }
}
