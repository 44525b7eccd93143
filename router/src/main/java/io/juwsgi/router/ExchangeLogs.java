package io.juwsgi.router;

import io.juwsgi.config.Settings;
import io.juwsgi.router.accesslog.AccessLog;
import io.juwsgi.router.exchange.ExchangeLog;
import io.juwsgi.spi.LogSink;

/** Chooses what is written for each exchange. */
final class ExchangeLogs {
    private ExchangeLogs() {}

    static ExchangeLog of(Settings settings, LogSink sink) {
        if (settings.get(RouterOptions.DISABLE_LOGGING)) {
            return (exchange, loop) -> {};
        }
        return settings.get(RouterOptions.LOG_FORMAT)
                .filter(format -> !format.isEmpty())
                .map(format -> AccessLog.of(sink, format))
                .orElseGet(() -> AccessLog.standard(sink));
    }
}
