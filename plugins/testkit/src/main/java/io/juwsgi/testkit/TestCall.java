package io.juwsgi.testkit;

import io.juwsgi.spi.worker.WorkerCall;
import io.juwsgi.spi.worker.WorkerFunction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A call of a worker function as an application makes it. The test's thread makes it and waits; any thread answers. */
public final class TestCall implements WorkerCall {
    private static final long PATIENCE = 30;

    private final List<byte[]> arguments;
    private final CompletableFuture<List<byte[]>> answer = new CompletableFuture<>();

    private TestCall(List<byte[]> arguments) {
        this.arguments = arguments;
    }

    /**
     * Calls a function and waits for its answer.
     *
     * @param arguments texts in UTF-8
     * @return the answer's values
     * @throws IllegalStateException with what the application would see, when the function failed the call
     * @throws AssertionError when it answered twice, or not at all
     */
    public static List<byte[]> of(WorkerFunction function, String... arguments) throws Exception {
        TestCall call = new TestCall(Arrays.stream(arguments)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList());
        function.call(call);
        try {
            return call.answer.get(PATIENCE, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError("the call was not answered", e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof IllegalStateException failed ? failed : e;
        }
    }

    @Override
    public List<byte[]> arguments() {
        return arguments;
    }

    @Override
    public int worker() {
        return 1;
    }

    @Override
    public void reply(byte[]... values) {
        if (!answer.complete(List.of(values))) {
            throw new AssertionError("the call was answered twice");
        }
    }

    @Override
    public void fail(String message) {
        if (!answer.completeExceptionally(new IllegalStateException(message))) {
            throw new AssertionError("the call was answered twice");
        }
    }
}
