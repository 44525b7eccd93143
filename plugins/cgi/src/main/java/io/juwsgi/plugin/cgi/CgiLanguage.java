package io.juwsgi.plugin.cgi;

import io.juwsgi.config.Settings;
import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.extension.Context;
import io.juwsgi.spi.worker.HandlerLanguage;
import java.util.Optional;
import java.util.Set;

/** CGI: scripts are started by the server itself, so there is no zygote. */
final class CgiLanguage implements HandlerLanguage {
    private static final int MODIFIER = 9;

    @Override
    public String name() {
        return "cgi";
    }

    @Override
    public Set<Integer> modifiers() {
        return Set.of(MODIFIER);
    }

    @Override
    public Optional<BlockingHandler> handler(Settings settings, Context context) {
        return settings.has(CgiOptions.CGI)
                ? Optional.of(new CgiHandler(CgiSettings.of(settings), context.logger()))
                : Optional.empty();
    }
}
