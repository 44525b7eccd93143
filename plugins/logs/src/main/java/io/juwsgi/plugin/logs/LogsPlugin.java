package io.juwsgi.plugin.logs;

import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;
import io.juwsgi.spi.log.LogType;

/** Brings the loggers syslog, rsyslog, socket and systemd, and the encoders prefix, suffix, nl, format and json. */
public final class LogsPlugin implements Plugin {

    /** Makes the plugin; {@link #register} does the work. */
    public LogsPlugin() {}

    @Override
    public String name() {
        return "logs";
    }

    @Override
    public Standing standing() {
        return new Standing(Standing.Status.STABLE, Standing.Trust.HARDENED);
    }

    @Override
    public void register(Extensions extensions) {
        extensions.logger(new LogType<>("syslog", "[NAME[,FACILITY]]", SyslogLogger::local));
        extensions.logger(new LogType<>("rsyslog", "HOST:PORT[,NAME[,PRIORITY]]", SyslogLogger::remote));
        extensions.logger(new LogType<>("socket", "HOST:PORT or SOCKET[,PREFIX]", SocketLogger::of));
        extensions.logger(new LogType<>("systemd", "[SOCKET]", JournalLogger::of));
        extensions.logEncoder(new LogType<>("prefix", "TEXT", text -> line -> text + line.text()));
        extensions.logEncoder(new LogType<>("suffix", "TEXT", text -> line -> line.text() + text));
        extensions.logEncoder(new LogType<>("nl", "", text -> line -> line.text() + "\n"));
        extensions.logEncoder(new LogType<>("format", "FORMAT", LineTemplate::text));
        extensions.logEncoder(new LogType<>("json", "FORMAT", LineTemplate::json));
    }
}
