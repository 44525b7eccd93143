package io.juwsgi.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reckons how large a HOCON file becomes when its substitutions are carried out, before they are: {@code ${a}${a}} thirty times over
 * is a file of one kilobyte and a text that no memory holds. The library has no limit of its own, and cannot be stopped.
 *
 * <p>Each value weighs its own characters and what its substitutions stand for; every one of those is weighed once. The sum is an
 * upper bound, as overridden values count too. Used on the main thread.
 */
final class HoconGrowth {
    static final long MOST = SourceText.LARGEST_FILE;
    /** Beyond this nothing is added any more. */
    private static final long TOO_MUCH = 1L << 40;

    private static final ConfigRenderOptions PLAIN = ConfigRenderOptions.concise();

    private final Map<String, String> environment;
    private final Node root;
    private @Nullable ConfigOrigin tooMuch;

    /** A value of the file: an object with members, or one that substitutions make, as layers that lie over each other. */
    private static final class Node {
        private final List<String> path;
        private final ConfigOrigin origin;
        private final Map<String, Node> members = new LinkedHashMap<>();
        private final List<Layer> layers = new ArrayList<>();
        private long weight;
        private boolean begun;

        Node(List<String> path, ConfigOrigin origin) {
            this.path = path;
            this.origin = origin;
        }
    }

    /** One definition of a value: each later one may refer to those before as its own name. */
    private static final class Layer {
        private long characters;
        private final List<List<String>> references = new ArrayList<>();
    }

    private HoconGrowth(ConfigOrigin origin, Map<String, String> environment) {
        this.root = new Node(List.of(), origin);
        this.environment = environment;
    }

    /** Returns where the first value stands that makes the text too long once everything is replaced; empty when none does. */
    static Optional<ConfigOrigin> tooMuch(ConfigObject object, Map<String, String> environment) {
        HoconGrowth growth = new HoconGrowth(object.origin(), environment);
        growth.members(growth.root, object);
        growth.weigh(growth.root);
        return Optional.ofNullable(growth.tooMuch);
    }

    private void members(Node node, ConfigObject object) {
        try {
            for (Map.Entry<String, ConfigValue> member : object.entrySet()) {
                List<String> path = new ArrayList<>(node.path);
                path.add(member.getKey());
                Node inner = new Node(path, member.getValue().origin());
                node.members.put(member.getKey(), inner);
                if (member.getValue() instanceof ConfigObject nested) {
                    members(inner, nested);
                } else {
                    layers(inner, member.getValue().render(PLAIN));
                }
            }
        } catch (com.typesafe.config.ConfigException.NotResolved e) {
            // Which members there are depends on substitutions: it is weighed as a whole.
            node.members.clear();
            layers(node, object.render(PLAIN));
        }
    }

    /** Takes apart what the library writes: JSON with substitutions in it, the layers of a value one after the other. */
    private static void layers(Node node, String text) {
        Layer layer = new Layer();
        node.layers.add(layer);
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            layer.characters++;
            switch (text.charAt(i)) {
                case '"' -> {
                    int end = endOfString(text, i);
                    layer.characters += end - i;
                    i = end;
                }
                case '$' -> {
                    int end = endOfReference(text, i);
                    layer.references.add(ConfigUtil.splitPath(reference(text.substring(i + 2, end))));
                    i = end;
                }
                case '[', '{' -> depth++;
                case ']', '}' -> depth--;
                case ',' -> {
                    if (depth == 0) {
                        layer = new Layer();
                        node.layers.add(layer);
                    }
                }
                default -> {}
            }
        }
    }

    private static String reference(String inside) {
        return inside.startsWith("?") ? inside.substring(1) : inside;
    }

    private static int endOfString(String text, int start) {
        int i = start + 1;
        while (i < text.length() - 1 && text.charAt(i) != '"') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(i, text.length() - 1);
    }

    private static int endOfReference(String text, int start) {
        int i = start;
        while (i < text.length() - 1 && text.charAt(i) != '}') {
            i = text.charAt(i) == '"' ? endOfString(text, i) + 1 : i + 1;
        }
        return Math.min(i, text.length() - 1);
    }

    private long weigh(Node node) {
        if (node.begun) {
            // Either known, or a circle, which the library refuses or breaks: then it adds nothing.
            return node.weight;
        }
        node.begun = true;
        long sum = 0;
        for (Node member : node.members.values()) {
            sum = plus(sum, plus(weigh(member), member.path.getLast().length()));
        }
        for (Layer layer : node.layers) {
            sum = weigh(node, layer, sum);
        }
        node.weight = sum;
        if (sum > MOST && tooMuch == null) {
            tooMuch = node.origin;
        }
        return sum;
    }

    private long weigh(Node node, Layer layer, long before) {
        long sum = layer.characters;
        int own = 0;
        for (List<String> reference : layer.references) {
            if (isWithin(reference, node.path) || isWithin(node.path, reference)) {
                own++;
            } else {
                sum = plus(sum, target(reference));
            }
        }
        return plus(sum, Math.min(TOO_MUCH, before * Math.max(1, own)));
    }

    private long target(List<String> reference) {
        Node node = root;
        for (String name : reference) {
            @Nullable Node next = node.members.get(name);
            if (next == null) {
                // Inside of something that substitutions make, or not in the file at all.
                return node.layers.isEmpty() ? variable(reference) : weigh(node);
            }
            node = next;
        }
        return weigh(node);
    }

    private long variable(List<String> reference) {
        return reference.size() == 1
                ? environment.getOrDefault(reference.getFirst(), "").length()
                : 0;
    }

    private static boolean isWithin(List<String> inner, List<String> outer) {
        return inner.size() >= outer.size() && inner.subList(0, outer.size()).equals(outer);
    }

    private static long plus(long a, long b) {
        return Math.min(TOO_MUCH, a + b);
    }
}
