package io.juwsgi.plugin.cgi;

import io.juwsgi.spi.Plugin;
import io.juwsgi.testkit.TestRequest;
import io.juwsgi.testkit.contract.HandlerLanguageContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** CGI against the contract of the test kit. */
class CgiContractTest extends HandlerLanguageContract {
    @Override
    protected Plugin plugin() {
        return new CgiPlugin();
    }

    @Override
    protected List<String> application(Path directory) throws Exception {
        Path script = directory.resolve("hello");
        Files.writeString(script, "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\nhello'\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return List.of("--cgi", directory.toString());
    }

    @Override
    protected TestRequest request() {
        return TestRequest.get("/hello").variable("REQUEST_METHOD", "GET");
    }
}
