package io.juwsgi.cli;

import io.juwsgi.router.Router;
import io.juwsgi.router.RouterStats;
import io.juwsgi.spi.StatsSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How much of requests and responses waits in the gateway, in bytes. */
record BufferStats(Router router) implements StatsSource {
    @Override
    public String statsName() {
        return "buffers";
    }

    @Override
    public List<Map<String, ?>> stats() {
        RouterStats.Held held = router.held();
        return List.of(part("memory", held.memory()), part("disk", held.disk()));
    }

    private static Map<String, ?> part(String where, long bytes) {
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("in", where);
        part.put("bytes", bytes);
        return part;
    }
}
