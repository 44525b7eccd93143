package io.juwsgi.cli.stats;

import io.juwsgi.router.upstream.UpstreamStats;
import io.juwsgi.router.upstream.UpstreamStats.EndpointStats;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/** The part of the stats JSON about upstreams; uWSGI has it in a file of its own for each router. */
final class UpstreamsJson {
    private UpstreamsJson() {}

    static void write(JsonGenerator json, List<UpstreamStats> upstreams) {
        json.writeArrayPropertyStart("upstreams");
        for (UpstreamStats upstream : upstreams) {
            json.writeStartObject();
            json.writeStringProperty("name", upstream.name());
            json.writeStringProperty("balance", upstream.balance());
            json.writeNumberProperty("waiting", upstream.waiting());
            json.writeArrayPropertyStart("endpoints");
            upstream.endpoints().forEach(one -> endpoint(json, one));
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void counts(JsonGenerator json, String name, Map<String, Long> counts) {
        json.writeObjectPropertyStart(name);
        new TreeMap<>(counts).forEach((word, count) -> json.writeNumberProperty(word, count));
        json.writeEndObject();
    }

    private static void endpoint(JsonGenerator json, EndpointStats one) {
        json.writeStartObject();
        json.writeStringProperty("address", one.address());
        json.writeStringProperty("state", one.state());
        if (!one.why().isEmpty()) {
            json.writeStringProperty("why", one.why());
        }
        json.writeNumberProperty("weight", one.weight());
        json.writeBooleanProperty("backup", one.backup());
        if (!one.zone().isEmpty()) {
            json.writeStringProperty("zone", one.zone());
        }
        json.writeNumberProperty("in_flight", one.inFlight());
        one.fleetShare().ifPresent(share -> json.writeNumberProperty("fleet_share", share));
        json.writeNumberProperty("requests", one.requests());
        json.writeNumberProperty("failures", one.failures());
        counts(json, "failure_reasons", one.failureReasons());
        json.writeNumberProperty("retries", one.retries());
        json.writeNumberProperty("hedges", one.hedges());
        json.writeNumberProperty("ejections", one.ejections());
        counts(json, "ejection_reasons", one.ejectionReasons());
        one.lastEjection().ifPresent(last -> {
            json.writeObjectPropertyStart("last_ejection");
            json.writeStringProperty("reason", last.reason());
            json.writeNumberProperty("at", last.atSeconds());
            json.writeNumberProperty("for_ms", last.millis());
            json.writeEndObject();
        });
        json.writeNumberProperty("median_us", one.medianMicros());
        json.writeNumberProperty("p99_us", one.p99Micros());
        json.writeEndObject();
    }
}
