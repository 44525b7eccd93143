package io.juwsgi.plugin.python;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.spi.worker.ApplicationLanguage;
import io.juwsgi.spi.worker.WorkerRuntime;
import io.juwsgi.spi.worker.ZygoteCommand;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Python: says how the zygote for the configured or discovered WSGI application is started. */
final class PythonLanguage implements ApplicationLanguage {

    @Override
    public String name() {
        return "python";
    }

    @Override
    public Set<Integer> modifiers() {
        return Set.of(0, 30);
    }

    @Override
    public Optional<ZygoteCommand> zygote(Settings settings, WorkerRuntime runtime) {
        Path directory = workingDirectory(settings);
        Targets targets = Targets.of(settings, directory, runtime.discovery());
        if (targets.targets().isEmpty()) {
            return Optional.empty();
        }
        Interpreter interpreter = Interpreter.choose(settings, directory, System.getenv("PATH"));
        ByteBuffer boot = BootSettings.encode(settings, runtime, directory, targets);
        Path script = WorkerPackage.unpack(runtime.directory());
        List<String> argv = new ArrayList<>(List.of(interpreter.program().toString()));
        argv.addAll(interpreterFlags(settings));
        argv.add(script.toString());
        return Optional.of(
                new ZygoteCommand(List.copyOf(argv), Map.of(), directory, boot, description(interpreter, targets)));
    }

    private static List<String> interpreterFlags(Settings settings) {
        int level = settings.get(PythonOptions.OPTIMIZE);
        if (level < 0 || level > 2) {
            throw new ConfigException("optimize: " + level + " (expected: 0, 1 or 2)");
        }
        List<String> flags = new ArrayList<>();
        if (level > 0) {
            flags.add("-" + "O".repeat(level));
        }
        if (settings.get(PythonOptions.NO_SITE)) {
            flags.add("-S");
        }
        return flags;
    }

    private static Path workingDirectory(Settings settings) {
        String chdir = settings.get(PythonOptions.CHDIR).orElse("");
        List<String> root = PythonOptions.processTexts(settings, "chroot");
        // A directory in the new root is below it while there is still the old one.
        Path directory = root.isEmpty()
                ? Path.of(chdir).toAbsolutePath().normalize()
                : Path.of(root.getLast(), chdir).toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            String problem = Files.exists(directory) ? "is not a directory" : "does not exist";
            throw new ConfigException("chdir: " + directory + " " + problem);
        }
        return directory;
    }

    private static String description(Interpreter interpreter, Targets targets) {
        String applications =
                targets.targets().stream().map(Target::description).collect(Collectors.joining("; "));
        String found = targets.found() ? " (found in the working directory)" : "";
        return interpreter.program() + " (" + interpreter.chosenBy() + "), " + applications + found;
    }
}
