package io.juwsgi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

final class PagesTest {
    @TempDir
    private Path directory;

    private Reading reading;

    @BeforeEach
    void makeReading() {
        reading = new Reading(directory);
    }

    @Test
    void thePageTellsWhatIsActedOn() {
        String page = OptionsPage.markdown(reading.registry, "");
        assertThat(page)
                .contains("| `processes`, `workers`, `-p` | N | 1 | number of worker processes |")
                .contains(
                        "| `http-keepalive` | [N] | 75 | keep connections of clients open, for so many seconds when idle |")
                .contains("| `socket`, `uwsgi-socket`, `-s` | VALUE |  | *later:* listen on an address")
                .contains("| `thunder-lock` |  |  | *no meaning:* the gateway accepts")
                .contains("(uWSGI 2.1) |");
        assertThat(page.lines().filter(l -> l.startsWith("| `")))
                .hasSize(reading.registry.everything().size())
                .allSatisfy(l -> assertThat(l.replace("\\|", "").chars().filter(c -> c == '|'))
                        .hasSize(5));
    }

    @Test
    void theJsonNamesEveryOption() {
        Set<String> names = new HashSet<>();
        try (JsonParser json = JsonFactory.builder()
                .build()
                .createParser(ObjectReadContext.empty(), OptionsPage.json(reading.registry, ""))) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME && json.currentName().equals("name")) {
                    json.nextToken();
                    names.add(json.getString());
                }
            }
        }
        assertThat(names).hasSize(reading.registry.everything().size()).contains("processes", "conf", "zeus");
    }

    @Test
    void showsSettingsWithOriginsAndWithoutSecrets() throws Exception {
        reading.file(
                "a.ini",
                "[uwsgi]\nthreads = 2\nenv = DB_PASSWORD=x=y\nenv = URL=redis://me:hidden@host/0\nmy-secret-key = abc\n");
        assertThat(ShownConfig.text(reading.read("--ini", "a.ini")).lines().map(String::strip))
                .containsExactly(
                        ";juwsgi configuration",
                        "[uwsgi]",
                        "ini = a.ini                                     ; command line",
                        "threads = 2                                     ; a.ini:2",
                        "env = DB_PASSWORD=****                          ; a.ini:3",
                        "env = URL=redis://me:****@host/0                ; a.ini:4",
                        "my-secret-key = ****                            ; a.ini:5",
                        ";end of configuration");
    }

    @Test
    void showsWhatIsOverridden() throws Exception {
        reading.file("a.ini", "[uwsgi]\nworkers = 2\nenv = A=1\nenv = B=2\n");
        assertThat(ShownConfig.text(reading.read("--ini", "a.ini", "-p", "8"))
                        .lines()
                        .map(l -> l.replaceAll(" +", " ")))
                .contains(
                        ";workers = 2 ; a.ini:2, overridden by command line",
                        "env = A=1 ; a.ini:3",
                        "env = B=2 ; a.ini:4",
                        "processes = 8 ; command line");
    }

    @Test
    void anAreaHasAPageOfItsOwn() {
        assertThat(OptionsPage.text(reading.registry, "http").lines())
                .contains("http-processes                    later: number of processes of the HTTP router")
                .noneSatisfy(line -> assertThat(line).startsWith("threads"));
    }

    @Test
    void bashCompletesNamesAndCommands() throws Exception {
        String script = Completion.bash(reading.registry, List.of("check", "options"))
                + "COMP_WORDS=(juwsgi --wor); COMP_CWORD=1; _juwsgi; echo \"${COMPREPLY[*]}\"\n"
                + "COMP_WORDS=(juwsgi --http); _juwsgi; echo \"${COMPREPLY[*]}\"\n"
                + "COMP_WORDS=(juwsgi chec); _juwsgi; echo \"${COMPREPLY[*]}\"\n"
                + "complete -p uwsgi\n";
        assertThat(bash("-c", script))
                .isEqualTo("--workers\n--http --http-keepalive\ncheck\ncomplete -o filenames -F _juwsgi uwsgi\n");
    }

    @Test
    void zshAndFishDescribeWhatTheyComplete() throws Exception {
        String zsh = Completion.zsh(reading.registry, List.of("check"));
        assertThat(zsh)
                .startsWith("#compdef juwsgi uwsgi\n")
                .contains("'*--workers=[number of worker processes]:value:_files'")
                .contains("'*--master[");
        // The quoting of the two shells is the same here.
        assertThat(bash("-n", "-c", zsh)).isEmpty();
        assertThat(Completion.fish(reading.registry, List.of("check")))
                .contains("complete -c juwsgi -l processes -s p -r -d 'number of worker processes'\n")
                .contains("complete -c uwsgi -n __fish_use_subcommand -a 'check'\n");
    }

    @Test
    void zshCompletesAsItIsUsed() throws Exception {
        Files.writeString(directory.resolve("_juwsgi"), Completion.zsh(reading.registry, List.of("check", "options")));
        // Its completion works at a terminal alone: this is one.
        String script = """
                zmodload zsh/zpty
                zpty shell zsh -f -i
                zpty -w shell "cd $1; PS1='READY> '; autoload -Uz compinit; $2; print LOA''DED"
                zpty -r shell line '*LOADED*READY> *'
                zpty -w -n shell $'juwsgi --worke\\t'
                zpty -r shell line '*workers*' && print -- long
                zpty -w -n shell $'\\x15uwsgi optio\\t'
                zpty -r shell line '*options*' && print -- command
                zpty -d shell
                """;
        for (String loading : List.of("compinit -u -D; source ./_juwsgi", "fpath=($PWD $fpath); compinit -u -D")) {
            assertThat(output("timeout", "60", "zsh", "-f", "-c", script, "zsh", directory.toString(), loading))
                    .isEqualTo("long\ncommand\n");
        }
    }

    @Test
    void fishCompletesAsItIsUsed() throws Exception {
        Path script = Files.writeString(
                directory.resolve("juwsgi.fish"), Completion.fish(reading.registry, List.of("check", "options")));
        String said = output(
                "fish",
                "--no-config",
                "-c",
                "source " + script + "; complete -C 'juwsgi --worke'; complete -C 'uwsgi opt'; complete -C 'juwsgi -'");
        assertThat(said)
                .contains("--workers\tnumber of worker processes\n", "options\n", "-p\tnumber of worker processes\n");
    }

    @Test
    void theManualPageHasEveryActiveOption() {
        String page = ManPage.roff(reading.registry, "1.0-x", List.of("juwsgi [OPTION]..."));
        assertThat(page.lines())
                .contains(".TH JUWSGI 1 \"\" \"juwsgi 1.0\\-x\"", ".SH NAME", ".SH OPTIONS: HTTP")
                .contains(".B \\-p, \\-\\-processes, \\-\\-workers N", "number of worker processes (default: 1)")
                .allSatisfy(line -> assertThat(line).doesNotMatch("['.](?!TH|SH|TP|B|nf|fi).*"));
        assertThat(page.lines().filter(".TP"::equals))
                .hasSize(reading.registry.all().size());
    }

    private static String bash(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash"));
        command.addAll(List.of(arguments));
        return output(command.toArray(String[]::new));
    }

    private static String output(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TERM", "dumb");
        Process shell = builder.start();
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said).isZero();
        return said;
    }
}
