package io.juwsgi.cli.plugin;

import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What components hand over to those that replace them: one object for each extension and type, closed when the last set of
 * components that asked for it is closed. Any thread may use it.
 */
final class CarriedState {
    private static final System.Logger LOG = System.getLogger(CarriedState.class.getName());

    private record Key(String id, Class<?> type) {}

    /** An object, and who uses it. Guarded by the state's lock. */
    private static final class Kept {
        private final Object object;
        private final Set<Object> users = new HashSet<>();

        Kept(Object object) {
            this.object = object;
        }
    }

    private final Map<Key, Kept> all = new HashMap<>();

    /**
     * Returns the object of an extension, a fresh one when nobody uses one.
     *
     * @param user a set of components, which {@linkplain #release releases} the object with all its others
     */
    synchronized <T> T take(Object user, String id, Class<T> type, Supplier<? extends T> fresh) {
        Key key = new Key(id, type);
        Kept kept = all.get(key);
        if (kept == null) {
            kept = new Kept(Objects.requireNonNull(fresh.get(), "what is carried"));
            all.put(key, kept);
        }
        kept.users.add(user);
        return type.cast(kept.object);
    }

    /** Closes what only {@code user} has used. */
    void release(Object user) {
        Set<Key> unused = new HashSet<>();
        Map<Key, Kept> closing = new HashMap<>();
        synchronized (this) {
            all.forEach((key, kept) -> {
                if (kept.users.remove(user) && kept.users.isEmpty()) {
                    unused.add(key);
                    closing.put(key, kept);
                }
            });
            all.keySet().removeAll(unused);
        }
        closing.forEach((key, kept) -> close(key, kept.object));
    }

    private static void close(Key key, Object object) {
        if (object instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception | LinkageError e) {
                LOG.log(Level.WARNING, "plugin=" + key.id() + " cannot be closed: " + e, e);
            }
        }
    }
}
