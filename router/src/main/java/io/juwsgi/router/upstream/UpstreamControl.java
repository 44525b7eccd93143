package io.juwsgi.router.upstream;

import io.juwsgi.router.upstream.UpstreamStats.EndpointStats;
import io.juwsgi.spi.Controllable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code juwsgi ctl upstream}: looks at upstreams and changes their members until the server ends. Any thread may use it. */
final class UpstreamControl implements Controllable {
    private final Upstreams upstreams;

    UpstreamControl(Upstreams upstreams) {
        this.upstreams = upstreams;
    }

    @Override
    public String controlName() {
        return "upstream";
    }

    @Override
    public String controlUsage() {
        return "list [NAME] | add NAME ADDRESS [weight=N] [backup] | drain, enable, remove NAME ADDRESS: their servers";
    }

    @Override
    public Map<String, ?> control(List<String> arguments) {
        String what = arguments.isEmpty() ? "list" : arguments.getFirst();
        if (what.equals("list")) {
            return list(arguments.size() > 1 ? arguments.get(1) : "");
        }
        if (arguments.size() < 3) {
            throw new IllegalArgumentException(String.join(" ", arguments) + " (expected: "
                    + controlUsage().replaceFirst(":.*", "") + ")");
        }
        Membership members = upstreams.members(arguments.get(1));
        String address = arguments.get(2);
        switch (what) {
            case "add" -> members.add(ServerSpec.parse(String.join(" ", arguments.subList(2, arguments.size()))));
            case "drain" -> members.endpoint(address).draining(true);
            case "enable" -> members.endpoint(address).draining(false);
            case "remove" -> members.remove(address);
            default -> throw new IllegalArgumentException(what + " (expected: list, add, drain, enable or remove)");
        }
        return list(arguments.get(1));
    }

    private Map<String, ?> list(String name) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (UpstreamStats one : upstreams.stats()) {
            if (name.isEmpty() || one.name().equals(name)) {
                List<Map<String, ?>> servers = new ArrayList<>();
                one.endpoints().forEach(endpoint -> servers.add(told(endpoint)));
                all.put(one.name(), servers);
            }
        }
        if (!name.isEmpty() && all.isEmpty()) {
            throw new IllegalArgumentException("there is no upstream " + name);
        }
        return all;
    }

    private static Map<String, ?> told(EndpointStats one) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("address", one.address());
        told.put("state", one.state());
        if (!one.why().isEmpty()) {
            told.put("why", one.why());
        }
        told.put("weight", one.weight());
        told.put("backup", one.backup());
        if (!one.zone().isEmpty()) {
            told.put("zone", one.zone());
        }
        told.put("in-flight", one.inFlight());
        one.fleetShare().ifPresent(share -> told.put("fleet-share", share));
        told.put("requests", one.requests());
        told.put("failures", one.failures());
        told.put("retries", one.retries());
        told.put("hedges", one.hedges());
        told.put("ejections", one.ejections());
        told.put("p50-us", one.medianMicros());
        told.put("p99-us", one.p99Micros());
        return told;
    }
}
