package io.juwsgi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.juwsgi.spi.Controllable;
import io.juwsgi.spi.metric.MetricSource;
import io.juwsgi.spi.worker.WorkerFunctions;
import io.juwsgi.testkit.PluginUnderTest;
import org.junit.jupiter.api.Test;

/** What the server relies on in services; {@link #options} turns the one under test on. */
public abstract class ServiceContract extends PluginContract {

    /** For subclasses. */
    protected ServiceContract() {}

    /** Returns the service's id. */
    protected abstract String service();

    /** The service is there under its id. */
    @Test
    public void theServiceIsRegistered() {
        assertTrue(PluginUnderTest.of(plugin()).ids().contains(service()), "no service " + service());
    }

    /** Nobody has it run who did not ask for it. */
    @Test
    public void withoutOptionsItIsOff() throws Exception {
        try (PluginUnderTest plugin = PluginUnderTest.of(plugin()).start()) {
            assertTrue(plugin.startedIds().stream().noneMatch(service()::equals), service() + " is on by itself");
        }
    }

    /** A reload starts another one and closes this one. */
    @Test
    public void itOutlivesAReload() throws Exception {
        try (PluginUnderTest plugin = started().reload(arguments())) {
            assertTrue(plugin.startedIds().contains(service()), service() + " is off");
        }
    }

    /** One that nobody can ask anything does its work unseen: it should say at least how it is. */
    @Test
    public void somebodyCanSeeWhatItDoes() throws Exception {
        try (PluginUnderTest plugin = started()) {
            boolean seen = !plugin.offering(MetricSource.class).isEmpty()
                    || !plugin.offering(Controllable.class).isEmpty()
                    || !plugin.offering(WorkerFunctions.class).isEmpty();
            assertTrue(seen, service() + " is no MetricSource, no Controllable and no WorkerFunctions");
        }
    }
}
