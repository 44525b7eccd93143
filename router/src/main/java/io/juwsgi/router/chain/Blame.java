package io.juwsgi.router.chain;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds the extension that a stack trace belongs to. Immutable. */
final class Blame {

    /** An extension with what its code is known by. */
    private record Suspect(
            Conduct conduct,
            String type,
            @Nullable String module,
            @Nullable String loader,
            String packageName) {

        static Suspect of(Conduct conduct, Object instance) {
            Class<?> type = instance.getClass();
            return new Suspect(
                    conduct,
                    outermost(type.getName()),
                    type.getModule().getName(),
                    type.getClassLoader() == null ? null : type.getClassLoader().getName(),
                    type.getPackageName());
        }

        boolean isSameClass(StackTraceElement frame) {
            return outermost(frame.getClassName()).equals(type);
        }

        boolean isSamePlugin(StackTraceElement frame) {
            if (module != null) {
                return module.equals(frame.getModuleName());
            }
            if (loader != null && !loader.equals("app")) {
                return loader.equals(frame.getClassLoaderName());
            }
            return Objects.equals(loader, frame.getClassLoaderName())
                    && frame.getClassName().startsWith(packageName + ".");
        }

        private static String outermost(String className) {
            int dollar = className.indexOf('$');
            return dollar < 0 ? className : className.substring(0, dollar);
        }
    }

    private final List<Suspect> suspects;

    /** Knows the code of each extension by the object that it made. */
    Blame(List<Conduct> conducts, List<Object> instances) {
        var all = new java.util.ArrayList<Suspect>();
        for (int i = 0; i < conducts.size(); i++) {
            all.add(Suspect.of(conducts.get(i), instances.get(i)));
        }
        suspects = List.copyOf(all);
    }

    /** The extension, and the innermost place in its code. */
    record Found(Conduct conduct, StackTraceElement where) {}

    /** Returns the extension in whose code the innermost frame is, or null when none is in the trace. */
    @Nullable
    Found in(StackTraceElement[] trace) {
        for (StackTraceElement frame : trace) {
            Conduct same = null;
            for (Suspect suspect : suspects) {
                if (suspect.isSameClass(frame)) {
                    return new Found(suspect.conduct(), frame);
                }
                if (same == null && suspect.isSamePlugin(frame)) {
                    same = suspect.conduct();
                }
            }
            if (same != null) {
                return new Found(same, frame);
            }
        }
        return null;
    }
}
