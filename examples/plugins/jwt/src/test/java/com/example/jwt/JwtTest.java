package com.example.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.spi.Plugin;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.TestChain;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import io.juwsgi.testkit.contract.FilterContract;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtTest extends FilterContract {
    private static final String SECRET = "a secret that is long enough to be one";
    private static final long NOW = 1_800_000_000L;

    @TempDir
    Path directory;

    private Path key;

    @BeforeEach
    void writeKey() throws Exception {
        key = Files.writeString(directory.resolve("key"), SECRET);
    }

    @Override
    protected Plugin plugin() {
        return new JwtPlugin(() -> Instant.ofEpochSecond(NOW));
    }

    @Override
    protected List<String> options() {
        return List.of("--jwt-algorithm", "hs256", "--jwt-key", key.toString());
    }

    @Override
    protected List<TestRequest> requests() {
        return List.of(with(valid()), TestRequest.get("/"), with("a.b.c"));
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String hs256(String header, String claims) {
        try {
            String signed = part(header) + "." + part(claims);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String hs256(String claims) {
        return hs256("{\"alg\": \"HS256\", \"typ\": \"JWT\"}", claims);
    }

    private static String valid() {
        return hs256("{\"sub\": \"ada\", \"exp\": " + (NOW + 60) + "}");
    }

    private static TestRequest with(String token) {
        return TestRequest.get("/").field("Authorization", "Bearer " + token);
    }

    private TestChain chain(String... more) throws Exception {
        String[] all = new String[more.length + 4];
        System.arraycopy(options().toArray(), 0, all, 0, 4);
        System.arraycopy(more, 0, all, 4, more.length);
        return TestChain.of(plugin(), all);
    }

    @Test
    void aValidTokenLetsInAndNamesItsSubject() throws Exception {
        try (TestChain chain = chain()) {
            assertThat(chain.send(with(valid()).field("X-Subject", "root")).status())
                    .isEqualTo(200);
            assertThat(chain.asked().getFirst().fields().all("X-Subject")).containsExactly("ada");
        }
    }

    @Test
    void withoutATokenNobodyGetsIn() throws Exception {
        try (TestChain chain = chain()) {
            TestExchange refused = chain.get("/");
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.field("WWW-Authenticate"))
                    .isEqualTo("Bearer error=\"invalid_token\", error_description=\"a bearer token is needed\"");
            assertThat(chain.send(with(valid()).field("Authorization", "Bearer " + valid()))
                            .status())
                    .isEqualTo(401);
            assertThat(chain.asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sub\": \"ada\"}",
                "{\"exp\": 1799999969}",
                "{\"exp\": \"2000000000\"}",
                "{\"exp\": 1800000060, \"nbf\": 1800000031}",
                "{\"exp\": 1800000060, \"nbf\": \"now\"}",
                "{\"exp\": 1800000060, \"exp\": 1}",
                "{\"exp\": 1800000060, \"sub\": \"ada\\r\\nX-Admin: 1\"}",
                "{\"exp\": 1800000060, \"sub\": 7}",
                "{\"exp\": 1800000060} {}",
                "[]",
                "{\"exp\": 1800000060, \"a\": [[[[[[[[[[]]]]]]]]]]}"
            })
    void claimsThatLetNobodyIn(String claims) throws Exception {
        try (TestChain chain = chain()) {
            assertThat(chain.send(with(hs256(claims))).status()).isEqualTo(401);
            assertThat(chain.asked()).isEmpty();
        }
    }

    @Test
    void theAlgorithmIsPinned() throws Exception {
        try (TestChain chain = chain()) {
            String claims = "{\"exp\": " + (NOW + 60) + "}";
            for (String header : List.of(
                    "{\"alg\": \"none\"}",
                    "{\"alg\": \"RS256\"}",
                    "{\"alg\": \"hs256\"}",
                    "{}",
                    "{\"alg\": \"HS256\", \"crit\": [\"x\"]}")) {
                assertThat(chain.send(with(hs256(header, claims))).status())
                        .as(header)
                        .isEqualTo(401);
            }
            assertThat(chain.send(with(part("{\"alg\": \"none\"}") + "." + part(claims) + "."))
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void aSignatureThatIsWrongInOneBitIsWrong() throws Exception {
        try (TestChain chain = chain()) {
            String token = valid();
            int dot = token.lastIndexOf('.');
            char first = token.charAt(dot + 1);
            String changed = token.substring(0, dot + 1) + (first == 'A' ? 'B' : 'A') + token.substring(dot + 2);
            assertThat(chain.send(with(changed)).status()).isEqualTo(401);
            assertThat(chain.send(with(token.substring(0, dot + 1))).status()).isEqualTo(401);
        }
    }

    @Test
    void rs256WithAKeyPair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        Path pem = Files.writeString(
                directory.resolve("public.pem"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(pair.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        String signed = part("{\"alg\": \"RS256\"}") + "." + part("{\"exp\": " + (NOW + 60) + ", \"sub\": \"ada\"}");
        Signature rsa = Signature.getInstance("SHA256withRSA");
        rsa.initSign(pair.getPrivate());
        rsa.update(signed.getBytes(StandardCharsets.US_ASCII));
        String token = signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(rsa.sign());
        try (TestChain chain = TestChain.of(plugin(), "--jwt-algorithm", "rs256", "--jwt-key", pem.toString())) {
            assertThat(chain.send(with(token)).status()).isEqualTo(200);
            // The public key is known to everybody: as a secret it must let nobody in.
            assertThat(chain.send(with(valid())).status()).isEqualTo(401);
            assertThat(chain.send(with(signed + ".AAAA")).status()).isEqualTo(401);
        }
        assertThatThrownBy(() ->
                        PluginUnderTest.of(plugin()).start("--jwt-algorithm", "hs256", "--jwt-key", pem.toString()))
                .hasMessageEndingWith("is a PEM file (expected: for HS256, a secret)");
    }

    @Test
    void issuerAudienceAndOpenPaths() throws Exception {
        try (TestChain chain = chain("--jwt-issuer", "me", "--jwt-audience", "shop", "--jwt-open", "/health")) {
            String times = "\"exp\": " + (NOW + 60);
            assertThat(chain.send(with(hs256("{" + times + ", \"iss\": \"me\", \"aud\": [\"x\", \"shop\"]}")))
                            .status())
                    .isEqualTo(200);
            assertThat(chain.send(with(hs256("{" + times + ", \"iss\": \"me\", \"aud\": \"x\"}")))
                            .status())
                    .isEqualTo(401);
            assertThat(chain.send(with(hs256("{" + times + ", \"aud\": \"shop\"}")))
                            .status())
                    .isEqualTo(401);
            assertThat(chain.get("/health/live").status()).isEqualTo(200);
            assertThat(chain.get("/healthy").status()).isEqualTo(401);
        }
    }

    @Test
    void keysThatAreNoneAreRefusedAtStart() throws Exception {
        Path shortKey = Files.writeString(directory.resolve("short"), "short");
        assertThatThrownBy(() -> PluginUnderTest.of(plugin())
                        .start("--jwt-algorithm", "hs256", "--jwt-key", shortKey.toString()))
                .hasMessageEndingWith("has 5 bytes (expected: at least 32)");
        assertThatThrownBy(() ->
                        PluginUnderTest.of(plugin()).start("--jwt-algorithm", "rs256", "--jwt-key", key.toString()))
                .hasMessageEndingWith("is no PEM file (expected: -----BEGIN PUBLIC KEY-----)");
        assertThatThrownBy(() -> PluginUnderTest.of(plugin()).start("--jwt"))
                .hasMessageContaining("jwt-algorithm is not set")
                .hasMessageContaining("jwt-key is not set");
    }
}
