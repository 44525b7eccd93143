package io.juwsgi.cli;

import io.juwsgi.cli.plugin.Found;
import io.juwsgi.cli.plugin.Offer;
import io.juwsgi.cli.plugin.PluginRegistry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** {@code juwsgi plugins [--json]}: which plugins were found, from where, and what they offer. */
final class PluginsCommand {
    static final String JSON = "--json";

    private PluginsCommand() {}

    static int print(PluginRegistry plugins, boolean json, PrintStream out) {
        if (json) {
            out.println(json(plugins));
        } else {
            for (Found plugin : plugins.plugins()) {
                out.println(plugin.name() + " " + plugin.version() + "  (" + plugin.origin() + ", SPI " + plugin.spi()
                        + ", " + plugin.standing().status() + ", "
                        + plugin.standing().trust() + ")");
                plugin.offers().forEach(offer -> out.println("    " + offer));
            }
        }
        out.flush();
        return 0;
    }

    private static String json(PluginRegistry plugins) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json =
                new JsonFactory().createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("plugins");
            for (Found plugin : plugins.plugins()) {
                json.writeStartObject();
                json.writeStringProperty("id", plugin.name());
                json.writeStringProperty("version", plugin.version());
                json.writeStringProperty("origin", plugin.origin());
                json.writeStringProperty("spi", plugin.spi());
                json.writeStringProperty("status", plugin.standing().status().toString());
                json.writeStringProperty("trust", plugin.standing().trust().toString());
                json.writeArrayPropertyStart("offers");
                plugin.offers().forEach(offer -> offer(json, offer));
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void offer(JsonGenerator json, Offer offer) {
        json.writeStartObject();
        json.writeStringProperty("kind", offer.kind());
        json.writeStringProperty("id", offer.id());
        json.writeStringProperty("detail", offer.detail());
        json.writeEndObject();
    }
}
