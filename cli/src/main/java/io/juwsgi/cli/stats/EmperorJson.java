package io.juwsgi.cli.stats;

import io.juwsgi.processes.emperor.EmperorPlan;
import io.juwsgi.processes.emperor.VassalStatus;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** An emperor's statistics, in the shape that tools which read uWSGI's look for. */
public final class EmperorJson {
    private static final JsonFactory JSON = new JsonFactory();

    private EmperorJson() {}

    /** Returns the state of all vassals. */
    public static byte[] of(String version, EmperorPlan plan, List<VassalStatus> vassals) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeStringProperty("version", version);
            json.writeNumberProperty("pid", ProcessHandle.current().pid());
            json.writeStringProperty("cwd", Path.of("").toAbsolutePath().toString());
            json.writeArrayPropertyStart("emperor");
            plan.places().forEach(json::writeString);
            json.writeEndArray();
            json.writeNumberProperty("emperor_tyrant", plan.tyrant() ? 1 : 0);
            json.writeArrayPropertyStart("vassals");
            vassals.forEach(vassal -> vassal(json, vassal));
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void vassal(JsonGenerator json, VassalStatus vassal) {
        json.writeStartObject();
        json.writeStringProperty("id", vassal.file().toString());
        json.writeNumberProperty("pid", vassal.pid());
        json.writeNumberProperty("born", vassal.started().getEpochSecond());
        json.writeStringProperty("state", vassal.state().name());
        json.writeNumberProperty("ready", vassal.state() == VassalStatus.State.READY ? 1 : 0);
        json.writeNumberProperty("respawns", Math.max(0, vassal.starts() - 1));
        json.writeNumberProperty("uid", vassal.uid());
        json.writeNumberProperty("gid", vassal.gid());
        json.writeEndObject();
    }
}
