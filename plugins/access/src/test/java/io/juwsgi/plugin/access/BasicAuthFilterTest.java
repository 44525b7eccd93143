package io.juwsgi.plugin.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.spi.exchange.Request;
import io.juwsgi.testkit.TestChain;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in. All hashes are of the password "hello" and were made by openssl and crypt(3). */
class BasicAuthFilterTest {
    @TempDir
    Path directory;

    Path file;

    @BeforeEach
    void users() throws Exception {
        file = directory.resolve("users");
        Files.writeString(file, """
            # users
            sha:{SHA}qvTGHdzF6KLavt4PO0gs2a6pQ00=
            apr1:$apr1$abcdefgh$cy3DSYyOwfhsyu7QOMQzd.
            md5:$1$abcdefgh$rwnEbRiN0agqVgZBovWNQ/
            sha256:$5$saltsaltsalt$AqgMntM3ZUyVKAUpnvjsFbyufWQ.j2vbaJnPyIdwi81
            sha512:$6$saltsaltsalt$qDUf0HJw4Sjd07REKy0REefZ4qG5tml6NYcBg6SkPudzprbsmgTKtdt1e.owJSMLc0I0HXiHfScgpuiUVJa5g/
            bcrypt:$2y$05$abcdefghijklmnopqrstuuWHxnxkyNt6AHCwFMQaY6auyqJA8E98a
            """);
    }

    private TestChain chain(String... more) throws Exception {
        String[] options = new String[more.length + 2];
        options[0] = "--basic-auth-file";
        options[1] = file.toString();
        System.arraycopy(more, 0, options, 2, more.length);
        return TestChain.of(new AccessPlugin(), options);
    }

    private static TestRequest as(String user, String password) {
        byte[] text = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return TestRequest.get("/")
                .field("Authorization", "Basic " + Base64.getEncoder().encodeToString(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha", "apr1", "md5", "sha256", "sha512", "bcrypt"})
    void everyFormOfHtpasswdIsChecked(String user) throws Exception {
        try (TestChain chain = chain()) {
            // The second time from memory.
            assertThat(chain.send(as(user, "hello")).status()).isEqualTo(200);
            assertThat(chain.send(as(user, "hello")).status()).isEqualTo(200);
            assertThat(chain.send(as(user, "hullo")).status()).isEqualTo(401);
            assertThat(user(chain.asked().getLast())).isEqualTo(user);
        }
    }

    private static String user(Request request) {
        AtomicReference<String> user = new AtomicReference<>();
        request.variables((name, value) -> {
            if (name.equals("REMOTE_USER")) {
                user.set(value);
            }
        });
        return user.get();
    }

    @Test
    void othersAreAskedForAPassword() throws Exception {
        try (TestChain chain = chain("--basic-auth-realm", "Inside")) {
            TestExchange answer = chain.get("/");
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.field("WWW-Authenticate")).isEqualTo("Basic realm=\"Inside\", charset=\"UTF-8\"");
            assertThat(chain.send(as("nobody", "hello")).status()).isEqualTo(401);
            assertThat(chain.send(as("sha", "")).status()).isEqualTo(401);
            TestRequest bearer = TestRequest.get("/").field("Authorization", "Bearer c2hhOmhlbGxv");
            assertThat(chain.send(bearer).status()).isEqualTo(401);
            assertThat(chain.asked()).isEmpty();
        }
    }

    @Test
    void onlySomePathsMayBeClosed() throws Exception {
        try (TestChain chain = chain("--basic-auth-paths", "/admin")) {
            assertThat(chain.get("/").status()).isEqualTo(200);
            assertThat(chain.get("/administrator").status()).isEqualTo(200);
            assertThat(chain.get("/admin").status()).isEqualTo(401);
            assertThat(chain.get("/admin/users").status()).isEqualTo(401);
        }
    }

    @Test
    void wrongFilesAreToldOfWithoutTheirSecrets() throws Exception {
        Files.writeString(file, "bob:{SHA}x\nann:plain-secret\n");
        assertThatThrownBy(this::chain)
                .hasMessageContaining("users:2 is not understood")
                .hasMessageNotContaining("plain-secret");
    }
}
