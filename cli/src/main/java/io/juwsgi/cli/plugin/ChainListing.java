package io.juwsgi.cli.plugin;

import io.juwsgi.config.Settings;
import io.juwsgi.router.chain.ChainPlan;
import io.juwsgi.spi.exchange.Explained;
import io.juwsgi.spi.exchange.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What requests pass with one configuration, for people. Nothing of it is started. */
public final class ChainListing {
    private static final String NO_FILTER = "  none";

    private final ChainPlan plan;
    private final Map<String, String> owners;

    private ChainListing(ChainPlan plan, Map<String, String> owners) {
        this.plan = plan;
        this.owners = owners;
    }

    /**
     * Makes the listing.
     *
     * @param explain whether filters tell what they are set to do
     * @param request the request that filters explain, or null
     * @throws io.juwsgi.config.ConfigException when something is configured wrong; all failures in one message
     */
    public static List<String> lines(
            PluginRegistry plugins, Settings settings, boolean explain, @Nullable Request request) {
        Map<String, String> owners =
                plugins.extensions().stream().collect(Collectors.toMap(Registered::id, Registered::plugin));
        try (Components components = Components.prepare(plugins.extensions(), plugins.handlerLanguages(), settings)) {
            ChainListing listing = new ChainListing(components.plan(), owners);
            List<String> lines = listing.chain();
            if (explain) {
                lines.addAll(listing.explained());
            }
            if (request != null) {
                lines.addAll(listing.explained(request));
            }
            return lines;
        }
    }

    private List<String> chain() {
        List<String> lines = new ArrayList<>();
        lines.add("filters, in the order in which requests pass them:");
        for (ChainPlan.FilterPart part : plan.outermostFirst()) {
            lines.add(String.format("  %-10s %-20s plugin %s", part.phase(), part.id(), owners.get(part.id())));
        }
        if (plan.filters().isEmpty()) {
            lines.add(NO_FILTER);
        }
        lines.add("behind them, by the longest mount point:");
        plan.mounts().stream()
                .sorted(Comparator.comparingInt(
                                (ChainPlan.MountPart part) -> part.mount().length())
                        .reversed())
                .forEach(part -> lines.add(
                        String.format("  %-10s %-20s plugin %s", part.mount(), part.id(), owners.get(part.id()))));
        lines.add("  everything else goes to the application");
        return lines;
    }

    private List<String> explained() {
        List<String> lines = new ArrayList<>();
        for (ChainPlan.FilterPart part : plan.outermostFirst()) {
            if (part.filter() instanceof Explained explained) {
                lines.add(part.id() + ":");
                explained.explain().forEach(line -> lines.add("  " + line));
            }
        }
        return lines;
    }

    private List<String> explained(Request request) {
        List<String> lines = new ArrayList<>();
        for (ChainPlan.FilterPart part : plan.outermostFirst()) {
            if (part.filter() instanceof Explained explained) {
                lines.add(part.id() + ", " + request.method() + " " + request.target() + ":");
                explained.explain(request).forEach(line -> lines.add("  " + line));
            }
        }
        return lines;
    }
}
