package io.juwsgi.cache;

import io.juwsgi.cache.store.ResponseStore;
import io.juwsgi.spi.metric.MetricSink;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the cache has done since the server's start. Thread-safe; outlives reloads. */
final class Counters {
    final LongAdder hits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder shared = new LongAdder();
    final LongAdder collapsed = new LongAdder();
    final LongAdder confirmed = new LongAdder();
    final LongAdder staleWhileRevalidate = new LongAdder();
    final LongAdder staleOnError = new LongAdder();
    final LongAdder bypassed = new LongAdder();
    final LongAdder refreshes = new LongAdder();
    final LongAdder stored = new LongAdder();
    final LongAdder purged = new LongAdder();
    final LongAdder softPurged = new LongAdder();
    final LongAdder crowdedOut = new LongAdder();
    final LongAdder hitBytes = new LongAdder();
    final LongAdder storedBytes = new LongAdder();

    void metrics(MetricSink sink, ResponseStore store, FillMemory fills) {
        String requests = "Requests that the HTTP cache has seen.";
        sink.counter("http_cache_requests", requests, hits.sum(), "result", "hit");
        sink.counter("http_cache_requests", requests, misses.sum(), "result", "miss");
        sink.counter("http_cache_requests", requests, shared.sum(), "result", "shared_hit");
        sink.counter("http_cache_requests", requests, collapsed.sum(), "result", "collapsed");
        sink.counter("http_cache_requests", requests, confirmed.sum(), "result", "confirmed");
        sink.counter("http_cache_requests", requests, staleWhileRevalidate.sum(), "result", "stale_while_revalidate");
        sink.counter("http_cache_requests", requests, staleOnError.sum(), "result", "stale_on_error");
        sink.counter("http_cache_requests", requests, bypassed.sum(), "result", "bypass");
        sink.counter("http_cache_refreshes", "Requests of the HTTP cache's own, in the background.", refreshes.sum());
        sink.counter("http_cache_stored", "Responses that were stored.", stored.sum());
        sink.counter("http_cache_purged", "Responses that were purged.", purged.sum());
        sink.counter("http_cache_soft_purged", "Responses that were purged softly.", softPurged.sum());
        sink.counter(
                "http_cache_crowded_out",
                "Responses that were not kept in memory since others that were being stored took it up.",
                crowdedOut.sum());
        sink.counter("http_cache_evicted", "Keys that went because the room was used up.", store.evictions());
        sink.counter("http_cache_hit_bytes", "Bytes of bodies that were sent from the HTTP cache.", hitBytes.sum());
        sink.counter("http_cache_stored_bytes", "Bytes of bodies that were stored.", storedBytes.sum());
        sink.gauge("http_cache_entries", "Keys that something is stored under.", store.count());
        sink.gauge("http_cache_file_bytes", "Bytes of files that stored responses take.", store.fileBytes());
        sink.gauge("http_cache_fill_bytes", "Bytes of memory that responses take while they are stored.", fills.used());
        sink.gauge("http_cache_bytes", "Bytes of memory that stored responses take.", store.bytes());
    }

    Map<String, Object> report(ResponseStore store, FillMemory fills) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("entries", store.count());
        all.put("bytes", store.bytes());
        all.put("file-bytes", store.fileBytes());
        all.put("fill-bytes", fills.used());
        all.put("hits", hits.sum());
        all.put("misses", misses.sum());
        all.put("shared-hits", shared.sum());
        all.put("collapsed", collapsed.sum());
        all.put("confirmed", confirmed.sum());
        all.put("stale-while-revalidate", staleWhileRevalidate.sum());
        all.put("stale-on-error", staleOnError.sum());
        all.put("bypassed", bypassed.sum());
        all.put("refreshes", refreshes.sum());
        all.put("stored", stored.sum());
        all.put("evicted", store.evictions());
        all.put("purged", purged.sum());
        all.put("soft-purged", softPurged.sum());
        all.put("crowded-out", crowdedOut.sum());
        all.put("hit-bytes", hitBytes.sum());
        all.put("stored-bytes", storedBytes.sum());
        return all;
    }
}
