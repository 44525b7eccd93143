package io.juwsgi.cache;

import io.juwsgi.spi.Plugin;
import io.juwsgi.testkit.contract.FilterContract;
import java.util.List;

/** The HTTP cache holds what the server relies on in filters. */
class CacheContractTest extends FilterContract {

    @Override
    protected Plugin plugin() {
        return new CachePlugin();
    }

    @Override
    protected List<String> options() {
        return List.of("--http-cache");
    }
}
