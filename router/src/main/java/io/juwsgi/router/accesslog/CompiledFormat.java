package io.juwsgi.router.accesslog;

import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.spi.log.Strftime;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/** A {@code log-format}, compiled once: texts and {@code %(variables)}. */
final class CompiledFormat implements LineFormat {
    private static final System.Logger LOG = System.getLogger(CompiledFormat.class.getName());

    private final LogVariable[] parts;
    private final boolean saysWhy;

    private CompiledFormat(List<LogVariable> parts, boolean saysWhy) {
        this.parts = parts.toArray(LogVariable[]::new);
        this.saysWhy = saysWhy;
    }

    /**
     * Compiles a format.
     *
     * @param strftime whether its texts have letters of strftime
     */
    static CompiledFormat compile(String format, boolean strftime, LogVariables variables) {
        List<LogVariable> parts = new ArrayList<>();
        boolean saysWhy = false;
        int at = 0;
        while (at < format.length()) {
            int open = format.indexOf("%(", at);
            int close = open < 0 ? -1 : format.indexOf(')', open);
            if (close < 0) {
                parts.add(text(format.substring(at), strftime));
                break;
            }
            if (open > at) {
                parts.add(text(format.substring(at, open), strftime));
            }
            String name = format.substring(open + 2, close);
            saysWhy |= name.equals("why");
            parts.add(variable(name, variables));
            at = close + 1;
        }
        return new CompiledFormat(parts, saysWhy);
    }

    private static LogVariable text(String text, boolean strftime) {
        if (strftime && text.indexOf('%') >= 0) {
            Strftime time = Strftime.of(text);
            return (line, exchange, loop) -> line.append(time.format(loop.epochSecond()));
        }
        return (line, exchange, loop) -> line.append(text);
    }

    private static LogVariable variable(String name, LogVariables variables) {
        if (name.startsWith("var.")) {
            String wanted = name.substring(4);
            return (line, exchange, loop) ->
                    Escaped.orDash(line, exchange.request().variable(wanted));
        }
        LogVariable known = variables.find(name);
        if (known == null) {
            LOG.log(
                    Level.WARNING,
                    "log-format: there is no variable %({0}); what logvar sets, or a dash, stands for it",
                    name);
            return (line, exchange, loop) ->
                    Escaped.orDash(line, exchange.account().variable(name));
        }
        return known;
    }

    @Override
    public boolean saysWhy() {
        return saysWhy;
    }

    @Override
    public void append(StringBuilder line, ServerExchange exchange, LoopContext loop) {
        for (LogVariable part : parts) {
            part.append(line, exchange, loop);
        }
    }
}
