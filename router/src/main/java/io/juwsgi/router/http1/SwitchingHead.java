package io.juwsgi.router.http1;

import io.juwsgi.router.exchange.FieldRules;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import org.jspecify.annotations.Nullable;

/** The head of the answer that leaves HTTP/1.1 for another protocol (RFC 9110 section 15.2.2). */
final class SwitchingHead {
    private SwitchingHead() {}

    /** Returns it as it goes over the wire; null when the protocol or a field of {@code head} is not valid. */
    static @Nullable String of(String protocol, Response head) {
        if (head.status() != 101 || !FieldRules.isValue(protocol)) {
            return null;
        }
        StringBuilder text = new StringBuilder(256)
                .append("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ")
                .append(protocol)
                .append("\r\n");
        Fields fields = head.fields();
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            if (FieldRules.concernsConnection(name)) {
                continue;
            }
            if (!FieldRules.isName(name) || !FieldRules.isValue(fields.value(i))) {
                return null;
            }
            text.append(name).append(": ").append(fields.value(i)).append("\r\n");
        }
        return text.append("\r\n").toString();
    }
}
