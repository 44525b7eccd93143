package io.juwsgi.plugin.headers;

import io.juwsgi.spi.Plugin;
import io.juwsgi.testkit.contract.FilterContract;
import java.util.List;

/** Both filters hold what the server relies on. */
class HeadersContractTest extends FilterContract {

    @Override
    protected Plugin plugin() {
        return new HeadersPlugin();
    }

    @Override
    protected List<String> options() {
        return List.of("--headers-set", "X-One: 1", "--headers-remove", "Server", "--security-headers");
    }
}
