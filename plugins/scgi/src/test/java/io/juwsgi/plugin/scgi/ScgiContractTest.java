package io.juwsgi.plugin.scgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.Plugin;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.TestConnection;
import io.juwsgi.testkit.contract.FrontContract;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The front holds what the server relies on. */
class ScgiContractTest extends FrontContract {

    @Override
    protected Plugin plugin() {
        return new ScgiPlugin();
    }

    @Override
    protected String front() {
        return "scgi";
    }

    @Override
    protected byte[] request() {
        return "48:CONTENT_LENGTH\0005\000SCGI\0001\000REQUEST_METHOD\000POST\000A\000B\000,hello"
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void answersAsScriptsDo() throws Exception {
        try (PluginUnderTest plugin = started()) {
            TestConnection connection = TestConnection.of(request());
            connection.serve(plugin, "scgi");
            assertThat(connection.bodies()).containsExactly("hello");
            assertThat(connection.requests().getFirst().variables().first("A")).isEqualTo("B");
            assertThat(connection.sentText()).startsWith("Status: 200 OK\r\n").endsWith("\r\n\r\nanswered");
        }
    }

    @Test
    void saysThatABodyIsNotComplete() throws Exception {
        byte[] whole = request();
        try (PluginUnderTest plugin = started()) {
            TestConnection connection = TestConnection.of(Arrays.copyOf(whole, whole.length - 1));
            connection.serve(plugin, "scgi");
            assertThat(connection.requests()).isEmpty();
            assertThat(connection.sentText()).startsWith("Status: 400 ");
        }
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        try (PluginUnderTest plugin = started()) {
            TestConnection connection = TestConnection.of("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
            connection.serve(plugin, "scgi");
            assertThat(connection.requests()).isEmpty();
            assertThat(connection.sentText()).startsWith("Status: 400 ");
        }
    }
}
