package io.juwsgi.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads a YAML file as uWSGI does: scalars as they are written, a sequence repeats its key, an inner mapping stands for its
 * members, a key may occur again. Anchors and aliases, which uWSGI refuses, work.
 */
final class YamlFile {
    /** Counts visits, not nodes: aliases of aliases make few nodes into many. */
    private static final int MOST_VISITS = 200_000;

    private static final int DEEPEST = 64;

    private final String shown;
    private final String asked;
    private final List<Assignment> found = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Set<String> sections = new LinkedHashSet<>();
    private boolean present;
    private int visits;

    private YamlFile(String shown, String asked) {
        this.shown = shown;
        this.asked = asked;
    }

    static Parsed read(String text, String shown, String section) {
        YamlFile yaml = new YamlFile(shown, section);
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(shown)
                    .setUseMarks(true)
                    .setAllowNonScalarKeys(true)
                    .setCodePointLimit(SourceText.LARGEST_FILE)
                    .build();
            Composer documents = new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text)));
            while (documents.hasNext()) {
                yaml.document(documents.next());
            }
        } catch (MarkedYamlEngineException e) {
            throw new ConfigException(position(e.getProblemMark().orElse(null), shown) + ": " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new ConfigException(shown + ": "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("not YAML"));
        } catch (StackOverflowError e) {
            // The library composes recursively.
            throw new ConfigException(shown + ": nested too deeply");
        }
        return new Parsed(yaml.found, yaml.warnings, List.copyOf(yaml.sections), yaml.present);
    }

    private static Origin position(@Nullable Mark mark, String shown) {
        return new Origin(shown, mark == null ? 0 : mark.getLine() + 1);
    }

    private Origin position(Node node) {
        return position(node.getStartMark().orElse(null), shown);
    }

    private void document(Node root) {
        if (!(root instanceof MappingNode mapping)) {
            throw new ConfigException(position(root) + ": a mapping is expected at the top, with the key uwsgi in it");
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String name = key(tuple);
            sections.add(name);
            if (Parsed.wanted(name, asked)) {
                present = true;
                section(tuple.getValueNode());
            }
        }
    }

    private void section(Node node) {
        switch (node) {
            case MappingNode mapping -> members(mapping, 1);
            case SequenceNode sequence -> sequence.getValue().forEach(this::section);
            default -> warnings.add(position(node) + ": not a mapping of options, left out");
        }
    }

    private void members(MappingNode mapping, int depth) {
        for (NodeTuple tuple : mapping.getValue()) {
            value(key(tuple), tuple.getValueNode(), position(tuple.getKeyNode()), depth);
        }
    }

    private void value(String key, Node node, Origin origin, int depth) {
        if (++visits > MOST_VISITS || depth > DEEPEST) {
            throw new ConfigException(origin + ": too many values, or nested more than " + DEEPEST + " deep");
        }
        switch (node) {
            case ScalarNode scalar
            when scalar.getValue().isEmpty() && scalar.isPlain() ->
                warnings.add(origin + ": " + key + " has no value and is left out (expected for a flag: true)");
            case ScalarNode scalar -> found.add(new Assignment(key, scalar.getValue(), origin));
            case SequenceNode sequence -> sequence.getValue().forEach(e -> value(key, e, position(e), depth + 1));
            case MappingNode mapping -> members(mapping, depth + 1);
            default -> throw new ConfigException(origin + ": " + key + " has no value that can be read");
        }
    }

    private String key(NodeTuple tuple) {
        if (tuple.getKeyNode() instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw new ConfigException(position(tuple.getKeyNode()) + ": a key is a list or a mapping (expected: a name)");
    }
}
