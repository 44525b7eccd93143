package io.juwsgi.plugin.logs;

import io.juwsgi.spi.Plugin;
import io.juwsgi.testkit.contract.LogContract;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Loggers and encoders against the contract of the test kit. What they send goes nowhere; see LoggersTest for what arrives. */
class LogsContractTest extends LogContract {
    @Override
    protected Plugin plugin() {
        return new LogsPlugin();
    }

    @Override
    protected Map<String, String> loggers(Path directory) {
        return Map.of(
                "syslog",
                directory.resolve("none") + ",site",
                "rsyslog",
                "127.0.0.1:9,site",
                "socket",
                "127.0.0.1:9",
                "systemd",
                directory.resolve("none").toString());
    }

    @Override
    protected Map<String, String> encoders() {
        return Map.of(
                "prefix", "[site] ",
                "suffix", " -",
                "format", "${strftime:%F} ${msg}",
                "json", "{\"msg\":\"${msg}\",\"unix\":${unix}}");
    }

    @Override
    protected Map<String, List<String>> wrongArguments() {
        return Map.of(
                "syslog", List.of("site,nowhere"),
                "rsyslog", List.of("host", "host:1,n,999"),
                "socket", List.of("host:70000"),
                "systemd", List.of("x"));
    }
}
