package io.juwsgi.processes;

import io.juwsgi.spi.LogSink;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;

/**
 * Takes the signals that this process gets: with {@link SignalWait} where the launcher has prepared that, else with the
 * JDK's means, which leave QUIT to the JVM.
 *
 * <p>{@code sun.misc.Signal} is the JDK's only way to signals. It is exported for everyone's use, yet javac warns of it
 * whatever is suppressed, which this build takes for an error: hence the reflection.
 */
public final class SignalHandlers {
    /** Set by the launcher when it has blocked the signals. */
    private static final boolean BLOCKED = Boolean.getBoolean("juwsgi.signals.blocked");

    private SignalHandlers() {}

    /** Called at the start of the program: from now on signals do what they do to any program, or what is asked for. */
    public static void begin() {
        if (BLOCKED) {
            SignalWait.begin();
        }
    }

    /**
     * Calls {@code action}, which must not block, whenever the process gets the signal.
     *
     * @param name without SIG, such as {@code HUP}
     */
    public static void handle(String name, LogSink log, Runnable action) {
        if (BLOCKED) {
            SignalWait.take(Signals.parse(name).orElseThrow(), action);
        } else if (!name.equals("QUIT")) {
            // That one is the JVM's: it prints the stacks of all threads.
            handleByJdk(name, log, action);
        }
    }

    private static void handleByJdk(String name, LogSink log, Runnable action) {
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
