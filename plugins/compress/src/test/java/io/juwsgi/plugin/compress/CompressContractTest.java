package io.juwsgi.plugin.compress;

import io.juwsgi.spi.Plugin;
import io.juwsgi.testkit.TestRequest;
import io.juwsgi.testkit.contract.FilterContract;
import java.util.List;

/** Both filters hold what the server relies on, with every coding. */
class CompressContractTest extends FilterContract {

    @Override
    protected Plugin plugin() {
        return new CompressPlugin();
    }

    @Override
    protected List<String> options() {
        return List.of("--compress", "--compress-min-size", "1", "--http-auto-gzip");
    }

    @Override
    protected List<TestRequest> requests() {
        return List.of(
                TestRequest.get("/").field("Accept-Encoding", "zstd"),
                TestRequest.get("/").field("Accept-Encoding", "br"),
                TestRequest.get("/").field("Accept-Encoding", "gzip"),
                TestRequest.get("/"),
                TestRequest.of("HEAD", "/").field("Accept-Encoding", "gzip, br, zstd"),
                TestRequest.of("OPTIONS", "*").field("Accept-Encoding", "*"));
    }
}
