package com.example.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.Plugin;
import io.juwsgi.testkit.TestChain;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import io.juwsgi.testkit.contract.HandlerContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuntimeInfoTest extends HandlerContract {

    @Override
    protected Plugin plugin() {
        return new RuntimeInfoPlugin();
    }

    @Override
    protected List<String> options() {
        return List.of("--runtime-info");
    }

    @Override
    protected List<TestRequest> requests() {
        return List.of(TestRequest.get("/runtime"), TestRequest.get("/runtime/?x"));
    }

    @Test
    void itCountsWhoAsks() throws Exception {
        try (TestChain chain = chain()) {
            chain.get("/runtime");
            TestExchange answer = chain.get("/runtime");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.field("Content-Type")).isEqualTo("application/json");
            assertThat(answer.text()).startsWith("{\"uptime_ms\": ").endsWith("\"asked\": 2}\n");
        }
    }

    @Test
    void strangersAndOtherMethodsAreRefused() throws Exception {
        try (TestChain chain = chain()) {
            assertThat(chain.send(TestRequest.get("/runtime").remoteAddress("192.0.2.1"))
                            .status())
                    .isEqualTo(403);
            TestExchange posted = chain.send(TestRequest.post("/runtime"));
            assertThat(posted.status()).isEqualTo(405);
            assertThat(posted.field("Allow")).isEqualTo("GET, HEAD");
            assertThat(chain.get("/runtime/more").status()).isEqualTo(404);
            chain.get("/runtimes");
            assertThat(chain.asked()).hasSize(1);
        }
    }
}
