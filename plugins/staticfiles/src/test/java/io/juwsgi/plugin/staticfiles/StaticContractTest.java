package io.juwsgi.plugin.staticfiles;

import io.juwsgi.spi.Plugin;
import io.juwsgi.testkit.TestRequest;
import io.juwsgi.testkit.contract.FilterContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The filter holds what the server relies on, whether it answers or lets pass. */
class StaticContractTest extends FilterContract {
    @TempDir
    Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.writeString(directory.resolve("here.txt"), "here");
        Files.createDirectory(directory.resolve("sub"));
    }

    @Override
    protected Plugin plugin() {
        return new StaticPlugin();
    }

    @Override
    protected List<String> options() {
        return List.of(
                "--static-map", "/s=" + directory, "--static-listing", "--static-sendfile", directory.toString());
    }

    @Override
    protected List<TestRequest> requests() {
        return List.of(
                TestRequest.get("/"),
                TestRequest.get("/s/here.txt"),
                TestRequest.get("/s/here.txt").field("Range", "bytes=1-1,3-3"),
                TestRequest.of("HEAD", "/s/here.txt"),
                TestRequest.get("/s/missing"),
                TestRequest.get("/s/sub"),
                TestRequest.get("/s/sub/"),
                TestRequest.of("OPTIONS", "*"),
                TestRequest.of("POST", "/s/here.txt"));
    }
}
