package io.juwsgi.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Origin;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.spi.log.LogEncoder;
import io.juwsgi.spi.log.LogType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which line goes where, from options to files. */
final class RoutesTest {
    private static final LogTypes TYPES = new LogTypes(
            Map.of(), Map.of("mark", new LogType<LogEncoder>("mark", "TEXT", text -> line -> text + line.text())));

    @TempDir
    Path directory;

    private final StandardLog log = new StandardLog();

    @AfterEach
    void closeFiles() {
        log.use(LogRoutes.to(log.standardError()));
    }

    /** Settings as {@code name=value}; {@code @} in a value is the directory. */
    private void configure(String... texts) {
        List<Setting> all = new ArrayList<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            Option<?> option = LogOptions.all().stream()
                    .filter(o -> o.name().equals(text.substring(0, equals)))
                    .findFirst()
                    .orElseThrow();
            String value = text.substring(equals + 1).replace("@", directory + "/");
            all.add(new Setting(option, value, Origin.COMMAND_LINE));
        }
        LogSetup.apply(new Settings(all), TYPES, log);
    }

    private void say(String message, String request) {
        log.line(message);
        log.requests().line(request);
        log.flush(30_000);
    }

    private String file(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }

    @Test
    void everythingGoesToTheFileWithoutLoggers() throws Exception {
        configure("logto=@a");
        say("message", "request");
        assertThat(file("a")).isEqualTo("message\nrequest\n");
    }

    @Test
    void loggersTakeThePlaceOfTheFile() throws Exception {
        configure("logger=file:@a", "logger=file:@b");
        say("message", "request");
        assertThat(file("a")).isEqualTo("message\nrequest\n");
        assertThat(file("b")).isEqualTo("message\nrequest\n");
    }

    @Test
    void requestsGoTheirOwnWay() throws Exception {
        configure("logto=@a", "req-logger=file:@r", "log-encoder=mark M:", "log-req-encoder=mark R:");
        say("message", "request");
        assertThat(file("a")).isEqualTo("M:message\n");
        assertThat(file("r")).isEqualTo("R:request\n");
    }

    @Test
    void namedLoggersGetWhatRoutesSendThem() throws Exception {
        configure("logto=@rest", "logger=errors file:@errors", "log-route=errors ^ERR", "log-encoder=mark:errors !");
        say("ERR one", "request ERR");
        assertThat(file("errors")).isEqualTo("!ERR one\n");
        assertThat(file("rest")).isEqualTo("request ERR\n");
    }

    @Test
    void requestsHaveRoutesOfTheirOwn() throws Exception {
        configure(
                "logto=@rest",
                "req-logger=bad file:@bad",
                "req-logger=file:@good",
                "log-req-route=bad 500$",
                "log-req-encoder=mark R:");
        say("500", "GET / 500");
        say("-", "GET / 200");
        assertThat(file("bad")).isEqualTo("R:GET / 500\n");
        assertThat(file("good")).isEqualTo("R:GET / 200\n");
        assertThat(file("rest")).isEqualTo("500\n-\n");
    }

    @Test
    void linesAreLeftOut() throws Exception {
        configure("logto=@a", "log-drain=secret", "log-filter=keep");
        say("keep this", "GET /keep");
        say("keep the secret", "GET /other");
        assertThat(file("a")).isEqualTo("keep this\nGET /keep\n");
    }

    @Test
    void readsKeysOfAFileLogger() throws Exception {
        configure("logger=file:logfile=@a,maxsize=8,backupname=@old");
        say("one", "two");
        say("three", "four");
        assertThat(file("old")).isEqualTo("one\ntwo\n");
        assertThat(file("a")).isEqualTo("three\nfour\n");
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> configure("logger=nosuch:x"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("command line: logger: nosuch:x: there is no logger nosuch (expected: one of fd, file,"
                        + " stdio)");
        assertThatThrownBy(() -> configure("log-encoder=nosuch x"))
                .hasMessage("command line: log-encoder: nosuch x: there is no log encoder nosuch (expected: one of"
                        + " mark)");
        assertThatThrownBy(() -> configure("log-route=x")).hasMessageContaining("(expected: LOGGER REGEX)");
        assertThatThrownBy(() -> configure("log-route=x [")).hasMessageContaining("(expected: a regular expression;");
        assertThatThrownBy(() -> configure("logger=file:@missing/a")).hasMessageContaining("cannot open file:");
        assertThatThrownBy(() -> configure("logfile-chmod=9", "logto=@a"))
                .hasMessageContaining("logfile-chmod: 9 (expected: an octal mode such as 640)");
        assertThatThrownBy(() -> configure("log-maxsize=x", "logto=@a")).hasMessageContaining("log-maxsize: x");
    }
}
