package io.juwsgi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommandLineTest {
    @TempDir
    private Path directory;

    private Reading reading;

    @BeforeEach
    void makeReading() {
        reading = new Reading(directory);
    }

    @ParameterizedTest
    @CsvSource({
        "-p 4",
        "-p4",
        "--processes=4",
        "--processes 4",
        "--workers 4",
        "--process 4",
        "--workers=4",
        "-Mp 4",
        "-MLp4",
        "-p 9 -p 4",
    })
    void readsANumberInEveryForm(String line) {
        assertThat(reading.read(line.split(" ")).settings().get(Reading.PROCESSES))
                .isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4294967296, 4294967296",
        "64k, 65536",
        "10M, 10485760",
        "3g, 3221225472",
        "99999999999999999999, 9223372036854775807",
        "9999999999999g, 9223372035781033984"
    })
    void readsASize(String text, long bytes) {
        assertThat(reading.read("--limit-post=" + text).settings().get(Reading.LIMIT))
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"10mb, 10", "lots, 0", "1.5g, 1", "20971520 ; 20 MB, 20971520"})
    void ofASizeThatIsNoneTheDigitsCountAndALineSaysSo(String text, long bytes) {
        Configuration read = reading.read("--limit-post=" + text);
        assertThat(read.settings().get(Reading.LIMIT)).isEqualTo(bytes);
        assertThat(read.warnings())
                .singleElement()
                .asString()
                .contains("counts as " + bytes + " (expected: a size such as 512, 64k, 10m or 1g)");
    }

    @Test
    void aSizeBelowNothingEndsTheStart() {
        assertThatThrownBy(() -> reading.read("--limit-post=-1"))
                .hasMessageContaining("limit-post = -1 (expected: a size such as 512, 64k, 10m or 1g)");
    }

    @Test
    void bundlesFlags() {
        Settings settings = reading.read("-ML").settings();
        assertThat(settings.get(Reading.MASTER)).isTrue();
        assertThat(settings.get(Reading.QUIET)).isTrue();
        assertThat(settings.get(Reading.VACUUM)).isFalse();
    }

    @Test
    void keepsTheOrderOfRepeatedOptions() {
        assertThat(reading.read("--http", ":1", "--env=A=b", "--http=:2")
                        .settings()
                        .get(Reading.HTTP))
                .containsExactly(":1", ":2");
    }

    @Test
    void takesAnOptionalArgumentOnlyWhenItIsAttached() {
        assertThat(reading.assigned("--http-keepalive=9", "--http-keepalive", "-C660", "-C", "--chmod=1"))
                .containsExactly(
                        "http-keepalive = 9",
                        "http-keepalive = ",
                        "chmod-socket = 660",
                        "chmod-socket = ",
                        "chmod = 1");
        assertThat(reading.read("--http-keepalive").settings().get(Reading.KEEPALIVE))
                .isEqualTo(75);
        assertThat(reading.read("--http-keepalive=9").settings().get(Reading.KEEPALIVE))
                .isEqualTo(9);
    }

    @Test
    void anExactNameWinsOverLongerOnes() {
        assertThat(reading.assigned("--http", ":1")).containsExactly("http = :1");
    }

    @Test
    void anAmbiguousShortFormListsTheCandidates() {
        assertThatThrownBy(() -> reading.read("--proc=3"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("option --proc is ambiguous: it may be ")
                .hasMessageContaining("--processes")
                .hasMessageContaining("--procname");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--proceses 3 | unknown option --proceses (did you mean --processes?)",
                "--vaccum | unknown option --vaccum (did you mean --vacuum?)",
                "--zzzzzzzzzz | unknown option --zzzzzzzzzz (--help lists them)",
                "-Y | unknown option -Y (--help lists them)",
                "-MY | unknown option -Y in -MY (--help lists them)",
                "-p | option -p needs a value: -p N",
                "--http | option --http needs a value: --http ADDRESS",
                "--master=true | option --master takes no value, found: true (in a file: master = true)",
                "-wsgi-file app.py | option -wsgi-file needs two dashes: --wsgi-file",
                "--threads=-1 | command line: threads = -1 (expected: 0 or more)",
                "--set-ph novalue | command line: set-ph needs KEY=VALUE, found: novalue",
                "--ini :base | command line: :base names a section of the file it stands in (expected here: FILE:base)",
                "--config app.toml | command line: cannot tell the format of app.toml (expected: a name that ends in .ini, .yaml",
            })
    void refusesWhatIsWrong(String line, String message) {
        assertThatThrownBy(() -> reading.read(line.split(" ")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void readsPositionalArgumentsAfterAllOptions() throws Exception {
        reading.file("app.ini", "[uwsgi]\nthreads = 3\n");
        assertThat(reading.assigned("app.ini", "app.py", "--threads", "2", "pkg.wsgi:make()"))
                .containsExactly(
                        "threads = 2",
                        "ini = app.ini",
                        "threads = 3",
                        "wsgi-file = app.py",
                        "module = pkg.wsgi:make()");
    }

    @Test
    void twoDashesEndTheOptions() throws Exception {
        reading.file("--x.ini", "[uwsgi]\nthreads = 3\n");
        assertThat(reading.assigned("--", "--x.ini")).containsExactly("ini = --x.ini", "threads = 3");
    }

    @Test
    void acceptsOptionsThatNothingActsOnWithOneNotice() {
        Configuration configuration = reading.read(
                "--listen", "100", "--thunder-lock", "-l", "5", "--static-map=/a=/b", "-v9", "--venv", "/v");
        assertThat(configuration.notices())
                .containsExactly(
                        "command line: listen is known, but juwsgi does not act on it yet",
                        "command line: thunder-lock has no meaning in juwsgi: the gateway accepts connections and gives each"
                                + " request to one worker",
                        "command line: static-map is known, but juwsgi does not act on it yet",
                        "command line: max-vars has no meaning in juwsgi: the number of request variables has no fixed limit",
                        "command line: home is known, but juwsgi does not act on it yet");
        assertThat(configuration.warnings()).isEmpty();
    }

    @Test
    void saysNothingOfWhatIsAlwaysSo() throws Exception {
        reading.file(
                "a.ini",
                "[uwsgi]\nenable-threads = true\ndie-on-term = true\nthunder-lock = false\nplugins = python3\n");
        assertThat(reading.read("a.ini").notices())
                .containsExactly(
                        "a.ini:5: plugins has no meaning in juwsgi: the plugins that come with it are always there");
        reading.file("b.ini", "[uwsgi]\nenable-threads = off\n");
        assertThat(reading.read("b.ini").notices()).containsExactly("b.ini:2: enable-threads is always on in juwsgi");
    }

    @Test
    void anOtherNameOfAnOptionNeedsNotBeDeclared() {
        reading.registry.add("x", java.util.List.of(Option.text("virtualenv")));
        assertThat(reading.read("-H", "/v", "--venv", "/w").settings().of(Option.text("virtualenv")))
                .extracting(Setting::value)
                .containsExactly("/v", "/w");
    }

    @Test
    void namesAnArgumentThatFitsNothing() {
        assertThatThrownBy(() -> reading.read("true")).hasMessageStartingWith("unexpected argument true (expected: ");
    }

    @Test
    void saysWhenNoPluginLoadsTheApplication() {
        ConfigReader bare = new ConfigReader(new OptionRegistry(), directory, java.util.Map.of());
        assertThatThrownBy(() -> bare.read(java.util.List.of("app.py")))
                .hasMessage("nothing here can load app.py: there is no option --wsgi-file (is a plugin missing?)");
    }

    @ParameterizedTest
    @CsvSource({
        "-h,HELP",
        "--help,HELP",
        "--usage,HELP",
        "--version,VERSION",
        "-Mh,HELP",
        "--ini missing.ini --help,HELP"
    })
    void reportsRequests(String line, Configuration.Request request) {
        assertThat(reading.read(line.split(" ")).request()).isEqualTo(request);
    }

    @Test
    void expandsPlaceholdersOfTheCommandLine() {
        reading.variable("PORT", "81");
        assertThat(reading.assigned("--set-ph", "host=h", "--http", "%(host):$(PORT)"))
                .containsExactly("set-ph = host=h", "host = h", "http = h:81");
    }
}
