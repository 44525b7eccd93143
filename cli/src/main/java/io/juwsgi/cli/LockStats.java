package io.juwsgi.cli;

import io.juwsgi.router.calls.CallServer;
import io.juwsgi.spi.StatsSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who has which lock of the application, as uWSGI's stats tell it: process ids by name. */
record LockStats(CallServer calls) implements StatsSource {
    @Override
    public String statsName() {
        return "locks";
    }

    @Override
    public List<Map<String, ?>> stats() {
        List<Map<String, ?>> all = new ArrayList<>();
        List<Long> holders = calls.lockHolders();
        for (int i = 0; i < holders.size(); i++) {
            all.add(Map.of("user " + i, holders.get(i)));
        }
        return all;
    }
}
