package io.juwsgi.router.listener;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * What the system knows of a file descriptor that this process did not open itself: fcntl(2) and getsockopt(2) through the
 * foreign function API, with Linux's numbers. Loaded only when sockets are inherited, since the first use takes time.
 */
final class Descriptor {
    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int FD_CLOEXEC = 1;
    private static final int O_NONBLOCK = 0x800;
    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_DOMAIN = 39;
    private static final int SOCK_STREAM = 1;
    private static final int AF_UNIX = 1;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle FCNTL = handle(
            "fcntl",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle GETSOCKOPT = handle(
            "getsockopt",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS));

    private Descriptor() {}

    @SuppressWarnings("restricted") // The launcher allows native access to this module.
    private static MethodHandle handle(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }

    /**
     * Checks that it is a socket that accepts connections, and makes it fit for an event loop: calls do not block, and
     * programs that this one starts do not have it.
     *
     * @return whether it is a Unix socket
     * @throws IOException when it is something else; the message is one line for the user
     */
    static boolean prepareListening(int fd) throws IOException {
        if (option(fd, SO_TYPE) != SOCK_STREAM || option(fd, SO_ACCEPTCONN) != 1) {
            throw new IOException("descriptor " + fd + " is no listening stream socket");
        }
        int flags = fcntl(fd, F_GETFL, 0);
        if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
            throw new IOException("descriptor " + fd + " cannot be prepared");
        }
        return option(fd, SO_DOMAIN) == AF_UNIX;
    }

    /** Returns the value of a socket option, or -1. */
    private static int option(int fd, int name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);
            int result = (int) GETSOCKOPT.invokeExact(fd, SOL_SOCKET, name, value, length);
            return result < 0 ? -1 : value.get(ValueLayout.JAVA_INT, 0);
        } catch (Throwable e) {
            throw new IllegalStateException("getsockopt", e);
        }
    }

    private static int fcntl(int fd, int command, int argument) {
        try {
            return (int) FCNTL.invokeExact(fd, command, argument);
        } catch (Throwable e) {
            throw new IllegalStateException("fcntl", e);
        }
    }
}
