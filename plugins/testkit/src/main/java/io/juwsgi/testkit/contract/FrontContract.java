package io.juwsgi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.TestConnection;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the server relies on in protocol fronts. */
public abstract class FrontContract extends PluginContract {
    private static final int GARBAGE = 200;

    /** For subclasses. */
    protected FrontContract() {}

    /** Returns the front's id. */
    protected abstract String front();

    /** Returns the bytes of one valid request with its body. */
    protected abstract byte[] request();

    /** The front is there under its id. */
    @Test
    public void theFrontIsRegistered() {
        assertTrue(PluginUnderTest.of(plugin()).ids().contains(front()), "no front " + front());
    }

    /** A load balancer looks whether the port is open, and goes. */
    @Test
    public void aConnectionWithoutARequestIsLeftInPeace() throws Exception {
        try (PluginUnderTest plugin = started()) {
            TestConnection connection = TestConnection.of(new byte[0]);
            connection.serve(plugin, front());
            assertEquals(0, connection.requests().size(), "requests");
        }
    }

    /** What is valid is submitted once and answered. */
    @Test
    public void aRequestIsAnswered() throws Exception {
        try (PluginUnderTest plugin = started()) {
            TestConnection connection = TestConnection.of(request());
            connection.serve(plugin, front());
            assertEquals(1, connection.requests().size(), "requests");
            assertTrue(!connection.sentText().isEmpty(), "nothing was answered");
            assertEquals(0, connection.openAnswers(), "answers that were not closed");
        }
    }

    /** Clients go away at any byte; a request that is not whole reaches nobody. */
    @Test
    public void aRequestThatIsCutOffIsNotSubmitted() throws Exception {
        byte[] whole = request();
        try (PluginUnderTest plugin = started()) {
            for (int size = 1; size < whole.length; size++) {
                TestConnection connection = TestConnection.of(Arrays.copyOf(whole, size));
                serve(connection, plugin);
                assertEquals(0, connection.requests().size(), "requests of " + size + " bytes");
            }
        }
    }

    /** Anybody may connect and send anything: the client's mistakes are no faults of the front. */
    @Test
    public void garbageIsTheClientsMatter() throws Exception {
        Random random = new Random(1);
        try (PluginUnderTest plugin = started()) {
            for (int i = 0; i < GARBAGE; i++) {
                byte[] bytes = i % 2 == 0 ? new byte[random.nextInt(300)] : request();
                if (i % 2 == 0) {
                    random.nextBytes(bytes);
                } else {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                TestConnection connection = TestConnection.of(bytes);
                serve(connection, plugin);
                assertEquals(0, connection.openAnswers(), "answers that were not closed");
            }
        }
    }

    private void serve(TestConnection connection, PluginUnderTest plugin) throws Exception {
        try {
            connection.serve(plugin, front());
        } catch (IOException e) {
            // It may say so, and have the connection cut.
        }
    }
}
