package io.juwsgi.plugin.routing;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.ResponseSink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** What routes want changed in a response, whoever gives it. Owned by the exchange's event loop. */
final class ResponseChanges {
    private final Fields added = new Fields(4);
    private final List<String> removed = new ArrayList<>(2);
    private final List<UnaryOperator<ResponseSink>> transformations = new ArrayList<>(2);

    void add(String name, String value) {
        added.add(name, value);
    }

    void remove(String name) {
        removed.add(name);
    }

    void transform(UnaryOperator<ResponseSink> transformation) {
        transformations.add(transformation);
    }

    /** Changes the fields of a response. */
    void apply(Fields fields) {
        removed.forEach(fields::remove);
        for (int i = 0; i < added.size(); i++) {
            fields.add(added.name(i), added.value(i));
        }
    }

    /** Puts the transformations around a sink; the one that was asked for first gets the data first. */
    ResponseSink around(ResponseSink sink) {
        ResponseSink outermost = sink;
        for (UnaryOperator<ResponseSink> transformation : transformations.reversed()) {
            outermost = transformation.apply(outermost);
        }
        return outermost;
    }
}
