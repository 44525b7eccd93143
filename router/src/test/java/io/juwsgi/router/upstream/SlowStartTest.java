package io.juwsgi.router.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The share of an endpoint that comes, or comes back. */
class SlowStartTest {
    private static final long SECOND = 1_000_000_000L;

    private static UpstreamEndpoint endpoint(long slowStart) {
        ServerSpec spec = ServerSpec.parse("127.0.0.1:1 weight=4");
        return new UpstreamEndpoint(
                EndpointAddress.parse(spec.target()),
                Protocol.HTTP,
                spec,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Ejection(0, 0, () -> false),
                slowStart);
    }

    @Test
    void theShareGrowsFromATenthToTheWhole() {
        UpstreamEndpoint comes = endpoint(10 * SECOND);
        assertThat(comes.share(0)).as("there from the beginning").isEqualTo(4);
        comes.startSlowly(5 * SECOND);
        assertThat(comes.share(5 * SECOND)).isCloseTo(0.4, within(1e-9));
        assertThat(comes.share(10 * SECOND)).isCloseTo(2, within(1e-9));
        assertThat(comes.share(15 * SECOND)).isEqualTo(4);
        assertThat(comes.share(99 * SECOND)).isEqualTo(4);
    }

    @Test
    void withoutASlowStartTheShareIsWholeAtOnce() {
        UpstreamEndpoint comes = endpoint(0);
        comes.startSlowly(5 * SECOND);
        assertThat(comes.share(5 * SECOND)).isEqualTo(4);
    }
}
