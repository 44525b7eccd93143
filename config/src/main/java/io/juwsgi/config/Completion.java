package io.juwsgi.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Writes the completion scripts of shells from the option registry, for the program under both of its names. */
public final class Completion {
    private Completion() {}

    /** A long name with its description. */
    private record Named(String name, Option<?> option, String doc) {}

    private static List<Named> names(OptionRegistry registry) {
        List<Named> names = new ArrayList<>();
        for (Option<?> option : registry.all()) {
            Stream.concat(Stream.of(option.name()), option.aliases().stream())
                    .forEach(name -> names.add(new Named(name, option, registry.doc(option))));
        }
        names.sort((a, b) -> a.name().compareTo(b.name()));
        return names;
    }

    private static String joined(List<String> words) {
        return String.join(" ", words);
    }

    /** Returns a script that completes the commands, the long names of options that are acted on, and names of files elsewhere. */
    public static String bash(OptionRegistry registry, List<String> commands) {
        List<String> names = names(registry).stream().map(n -> "--" + n.name()).toList();
        return """
                _juwsgi() {
                  local word=${COMP_WORDS[COMP_CWORD]}
                  case $word in
                    -*) COMPREPLY=($(compgen -W '%s' -- "$word")) ;;
                    *)
                      COMPREPLY=($(compgen -f -- "$word"))
                      [ "$COMP_CWORD" != 1 ] || COMPREPLY+=($(compgen -W '%s' -- "$word"))
                      ;;
                  esac
                }
                complete -o filenames -F _juwsgi juwsgi uwsgi
                """.formatted(joined(names), joined(commands));
    }

    /** Returns the same for zsh, with descriptions; to be read by it or kept as {@code _juwsgi} in its function path. */
    public static String zsh(OptionRegistry registry, List<String> commands) {
        StringBuilder out = new StringBuilder("#compdef juwsgi uwsgi\n_juwsgi() {\n  _arguments \\\n");
        for (Named named : names(registry)) {
            // Brackets and colons mean something in a specification.
            String doc = named.doc().replaceAll("([\\[\\]:\\\\])", "\\\\$1");
            String argument = argument(named.option());
            out.append("    ")
                    .append(quoted("*--" + named.name() + argument + "[" + doc + "]" + files(named.option())));
            out.append(" \\\n");
        }
        return out.append("    ")
                .append(quoted("1:command:{ compadd -- " + joined(commands) + "; _files }"))
                .append(" \\\n    '*:file:_files'\n}\n")
                // As a file of zsh's function path it is called; else it is read and says what it is for.
                .append(
                        "if [ \"$funcstack[1]\" = _juwsgi ]; then _juwsgi \"$@\"; else compdef _juwsgi juwsgi uwsgi; fi\n")
                .toString();
    }

    /** The sign behind the name: the value stands in the next word, or is attached. */
    private static String argument(Option<?> option) {
        return switch (option.argument()) {
            case NONE -> "";
            case REQUIRED -> "=";
            case OPTIONAL -> "=-";
        };
    }

    private static String files(Option<?> option) {
        return switch (option.argument()) {
            case NONE -> "";
            case REQUIRED -> ":value:_files";
            case OPTIONAL -> "::value:_files";
        };
    }

    /** Returns the same for fish, with descriptions. */
    public static String fish(OptionRegistry registry, List<String> commands) {
        StringBuilder out = new StringBuilder();
        for (String program : List.of("juwsgi", "uwsgi")) {
            out.append("complete -c ")
                    .append(program)
                    .append(" -n __fish_use_subcommand -a '")
                    .append(joined(commands))
                    .append("'\n");
            for (Named named : names(registry)) {
                out.append("complete -c ").append(program).append(" -l ").append(named.name());
                Character letter = named.option().shortName();
                if (letter != null && named.name().equals(named.option().name())) {
                    out.append(" -s ").append(letter);
                }
                out.append(named.option().argument() == Option.Argument.REQUIRED ? " -r" : "");
                out.append(" -d ").append(fishQuoted(named.doc())).append('\n');
            }
        }
        return out.toString();
    }

    /** Nothing but a quote means something inside quotes; it is written outside of them. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private static String fishQuoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
