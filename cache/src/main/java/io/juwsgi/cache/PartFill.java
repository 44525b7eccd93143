package io.juwsgi.cache;

import io.juwsgi.cache.rule.ByteRange;
import io.juwsgi.cache.rule.Freshness;
import io.juwsgi.cache.rule.Variation;
import io.juwsgi.cache.store.Body;
import io.juwsgi.cache.store.StoredResponse;
import io.juwsgi.cache.store.Variants;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.http.EntityTags;
import org.jspecify.annotations.Nullable;

/**
 * The application's answer to a request for a part on its way to the client: it is stored, and combined with a part of the
 * same version that it touches (RFC 9111 section 3.4). Owned by the exchange's event loop.
 */
final class PartFill extends ForwardingSink {
    private final HttpCache cache;
    private final Question question;
    private final CacheStatus.Forward why;
    private final long generation;
    private final long requestMillis;

    private @Nullable StoredResponse stored;
    private @Nullable ByteRange range;
    private byte[] bytes = new byte[0];
    private int length;

    PartFill(HttpCache cache, Question question, CacheStatus.Forward why) {
        super(question.exchange().response());
        this.cache = cache;
        this.question = question;
        this.why = why;
        generation = cache.store().generation(question.key());
        requestMillis = cache.clock().millis();
    }

    @Override
    public void head(Response head) {
        ByteRange told =
                head.status() == 206 && head.fields().all("content-range").size() == 1
                        ? ByteRange.of(head.fields().first("content-range"))
                        : null;
        if (told != null && told.count() <= cache.settings().maxEntry().bytes()) {
            stored = judged(head);
            range = told;
            reserve((int) told.count());
        }
        head.fields().add(CacheStatus.FIELD, stored == null ? why.field() : why.field() + "; stored");
        super.head(head);
    }

    private void reserve(int count) {
        FillMemory memory = cache.fillMemory();
        if (stored == null) {
            return;
        }
        boolean room = memory.take(count);
        question.exchange().onEnd(() -> memory.give(count));
        if (room) {
            bytes = new byte[count];
        } else {
            cache.counters().crowdedOut.increment();
            stored = null;
        }
    }

    /** Only a strong tag tells that two parts are of one version. */
    private @Nullable StoredResponse judged(Response head) {
        String tag = head.fields().first("etag");
        if (tag == null || !EntityTags.sameStrong(tag, tag) || question.wish().noStore()) {
            return null;
        }
        long now = cache.clock().millis();
        Freshness freshness = question.policy().judge(question.request(), head, requestMillis, now);
        Variation variation = Variation.of(question.fields(), head.fields(), question.normalisation());
        return freshness == null || variation == null
                ? null
                : StoredResponse.of(
                        206,
                        head.reason(),
                        StoredResponse.kept(
                                head.fields(),
                                question.policy().control(head.fields()).withheld(),
                                now),
                        variation,
                        freshness);
    }

    @Override
    public void data(Chunk chunk) {
        int count = chunk.size();
        if (stored != null && count <= bytes.length - length) {
            chunk.bytes().get(bytes, length, count);
            length += count;
        } else {
            stored = null;
        }
        super.data(chunk);
    }

    @Override
    public void file(FileRegion region) {
        stored = null;
        super.file(region);
    }

    @Override
    public void end() {
        StoredResponse made = stored;
        ByteRange here = range;
        if (made != null
                && here != null
                && length == bytes.length
                && !question.exchange().ended()) {
            cache.store().put(question.key(), combined(made, here), generation);
        }
        super.end();
    }

    private StoredResponse combined(StoredResponse made, ByteRange here) {
        Variants variants = cache.store().get(question.key());
        StoredResponse older =
                variants == null ? null : variants.selectPart(question.fields(), question.normalisation());
        ByteRange there = older == null ? null : older.part();
        if (older == null
                || there == null
                || !(older.body() instanceof Body.Bytes(byte[] before))
                || !sameVersion(older, made)
                || !touches(there, here)) {
            return made.with(here, bytes);
        }
        ByteRange both =
                new ByteRange(Math.min(there.first(), here.first()), Math.max(there.last(), here.last()), here.total());
        if (both.count() > cache.settings().maxEntry().bytes()) {
            return made.with(here, bytes);
        }
        byte[] all = new byte[(int) both.count()];
        System.arraycopy(before, 0, all, (int) (there.first() - both.first()), before.length);
        System.arraycopy(bytes, 0, all, (int) (here.first() - both.first()), bytes.length);
        return made.with(both, all);
    }

    private static boolean sameVersion(StoredResponse older, StoredResponse made) {
        String tag = made.fields().first("etag");
        String known = older.fields().first("etag");
        return tag != null && known != null && EntityTags.sameStrong(tag, known);
    }

    private static boolean touches(ByteRange one, ByteRange other) {
        return one.total() == other.total() && one.first() <= other.last() + 1 && other.first() <= one.last() + 1;
    }
}
