package io.juwsgi.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cache.rule.Freshness;
import io.juwsgi.cache.rule.Variation;
import io.juwsgi.spi.exchange.Fields;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a disk that is full. */
class DiskStoreTest {

    @Test
    void aFullDiskStoresNothingAndStopsNothing(@TempDir Path directory) throws Exception {
        CacheKey key = new CacheKey("http", "example.org", "/", "/", "");
        StoredResponse head = StoredResponse.of(
                200,
                "OK",
                Fields.of(),
                Variation.NONE,
                new Freshness(0, 0, 60, new Freshness.Staleness(false, false, false, -1, -1, false)));
        List<StoredResponse> stored = new ArrayList<>();
        // Every write to this device fails as on a disk without room.
        DiskStore full =
                new DiskStore(directory, file -> FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE));
        for (int i = 0; i < 3; i++) {
            DiskStore.Spool spool = full.spool(key, head);
            spool.write(new byte[100_000]);
            spool.write(new byte[100_000]);
            spool.finish(stored::add);
        }
        full.close();
        assertThat(stored).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }
}
