package io.juwsgi.plugin.access;

import io.juwsgi.spi.Plugin;
import io.juwsgi.testkit.TestRequest;
import io.juwsgi.testkit.contract.FilterContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Both filters hold what the server relies on. */
class AccessContractTest extends FilterContract {
    /** "bob:hello" as {@code htpasswd -s} has it. */
    private static final String BOB = "Basic Ym9iOmhlbGxv";

    @TempDir
    Path directory;

    @BeforeEach
    void users() throws IOException {
        Files.writeString(directory.resolve("users"), "bob:{SHA}qvTGHdzF6KLavt4PO0gs2a6pQ00=\n");
    }

    @Override
    protected Plugin plugin() {
        return new AccessPlugin();
    }

    @Override
    protected List<String> options() {
        return List.of(
                "--basic-auth-file", directory.resolve("users").toString(), "--cors-origins", "https://app.example");
    }

    @Override
    protected List<TestRequest> requests() {
        TestRequest get = TestRequest.get("/");
        return List.of(
                get.field("Authorization", BOB),
                get.field("Authorization", BOB).field("Origin", "https://app.example"),
                get.field("Authorization", "Basic Ym9iOndyb25n"),
                get,
                TestRequest.of("OPTIONS", "/")
                        .fields("Origin", "https://app.example", "Access-Control-Request-Method", "PUT"));
    }
}
