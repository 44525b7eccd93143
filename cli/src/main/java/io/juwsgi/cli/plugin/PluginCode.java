package io.juwsgi.cli.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time in which the main thread runs the code of a plugin at start: with the plugin's class loader as
 * context, and with an eye on what must not happen there.
 */
final class PluginCode implements AutoCloseable {
    /** How the exit of the process shows in the stack of the thread that asked for it. */
    private static final String EXIT = "java.lang.Shutdown";

    private final Thread thread = Thread.currentThread();
    private final @Nullable ClassLoader before = thread.getContextClassLoader();
    private final PluginClassLoader loader;
    private final Thread watch;

    /**
     * Begins the stretch.
     *
     * @param where file and stage, for a last word when the plugin ends the process
     */
    PluginCode(PluginClassLoader loader, String where) {
        this.loader = loader;
        this.watch = new Thread(() -> lastWord(where), "juwsgi-plugin-exit");
        // Inherited from this thread otherwise: then the hook alone would keep the plugin's classes.
        watch.setContextClassLoader(before);
        Runtime.getRuntime().addShutdownHook(watch);
        thread.setContextClassLoader(loader);
    }

    /** Nothing can keep a plugin from ending the process: but it does not do so silently, or as if all were well. */
    private void lastWord(String where) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().equals(EXIT)) {
                System.err.println("juwsgi: " + where + ": called System.exit (expected: an exception)");
                System.err.flush();
                Runtime.getRuntime().halt(1);
            }
        }
    }

    /** Returns the names of the threads that run on although the plugin may not have any yet. */
    List<String> threads() {
        ThreadGroup group = Objects.requireNonNull(thread.getThreadGroup());
        Thread[] all = new Thread[group.activeCount() + 16];
        int count = group.enumerate(all);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (!all[i].equals(thread) && all[i].getContextClassLoader() == loader) {
                names.add(all[i].getName());
            }
        }
        names.sort(null);
        return names;
    }

    @Override
    public void close() {
        thread.setContextClassLoader(before);
        try {
            Runtime.getRuntime().removeShutdownHook(watch);
        } catch (IllegalStateException e) {
            // The process is ending: the hook is what runs now.
        }
    }

    /** Says what was thrown, and where in the plugin. */
    static String told(Throwable thrown, PluginClassLoader loader) {
        Throwable cause = thrown instanceof ExceptionInInitializerError ? thrown.getCause() : null;
        Throwable real = cause == null ? thrown : cause;
        return what(real) + where(real, loader);
    }

    private static String what(Throwable thrown) {
        if ((thrown instanceof NoClassDefFoundError || thrown instanceof ClassNotFoundException)
                && thrown.getMessage() != null
                && thrown.getMessage().matches("[\\p{L}\\p{N}_$/.]+")) {
            return "class " + thrown.getMessage().replace('/', '.')
                    + " is missing (a plugin sees the JDK, the SPI and the jars of its own folder)";
        }
        // What the registry throws stands for itself.
        return thrown instanceof IllegalArgumentException && thrown.getMessage() != null
                ? thrown.getMessage()
                : thrown.toString();
    }

    private static String where(Throwable thrown, PluginClassLoader loader) {
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (Objects.equals(frame.getClassLoaderName(), loader.getName())) {
                return " (at " + frame.getClassName() + "." + frame.getMethodName() + ", " + frame.getFileName() + ":"
                        + frame.getLineNumber() + ")";
            }
        }
        return "";
    }
}
