package io.juwsgi.plugin.limits;

import io.juwsgi.spi.Plugin;
import io.juwsgi.testkit.contract.FilterContract;
import java.util.List;

/** The filter holds what the server relies on. */
class LimitsContractTest extends FilterContract {

    @Override
    protected Plugin plugin() {
        return new LimitsPlugin();
    }

    @Override
    protected List<String> options() {
        return List.of("--rate-limit-rate", "100/h", "--rate-limits", "name=pot,path=/pot,rate=1/d");
    }
}
