package io.juwsgi.processes;

import io.juwsgi.spi.LogSink;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;

/**
 * Takes the signals that this process gets.
 *
 * <p>{@code sun.misc.Signal} is the JDK's only way to signals. It is exported for everyone's use, yet javac warns of it
 * whatever is suppressed, which this build takes for an error: hence the reflection.
 */
public final class SignalHandlers {
    private SignalHandlers() {}

    /**
     * Calls {@code action} on a thread of the JDK's whenever the process gets the signal.
     *
     * @param name without SIG, such as {@code HUP}
     */
    public static void handle(String name, LogSink log, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandle run = MethodHandles.lookup()
                    .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                    .bindTo(action);
            Object proxy =
                    MethodHandleProxies.asInterfaceInstance(handler, MethodHandles.dropArguments(run, 0, signal));
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (InvocationTargetException e) {
            // The Java launcher's -Xrs, or a signal that this system does not have.
            log.line("SIG" + name + " cannot be handled: " + e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has no sun.misc.Signal (expected: module jdk.unsupported)", e);
        }
    }
}
