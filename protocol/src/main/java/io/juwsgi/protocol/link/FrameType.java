package io.juwsgi.protocol.link;

/** The frame types of {@code docs/worker-link.md}, as they stand on the wire. */
public final class FrameType {
    public static final int HELLO = 0;
    public static final int REQUEST = 1;
    public static final int BODY = 2;
    public static final int FILE_TAKEN = 3;
    public static final int MESSAGE = 4;
    public static final int CLOSED = 5;
    public static final int ACCEPTED = 6;
    public static final int RESPONSE = 16;
    public static final int DATA = 17;
    public static final int FILE = 18;
    public static final int FAILED = 19;
    public static final int DEADLINE = 20;
    public static final int LOGVAR = 21;
    public static final int WEBSOCKET = 22;
    public static final int SEND = 23;
    public static final int INTERIM = 24;

    public static final int RECALL = 32;
    public static final int TRACE = 33;
    public static final int INTERRUPT = 34;
    public static final int RECALLED = 48;
    public static final int TRACED = 49;
    public static final int INTERRUPTED = 50;

    public static final int ZYGOTE = 64;
    public static final int BOOTED = 65;
    public static final int BOOT_FAILED = 66;
    public static final int SPAWNED = 67;
    public static final int EXITED = 68;
    public static final int READY = 69;
    public static final int WORKER_FAILED = 70;
    public static final int CHANGED = 71;
    public static final int LEAVING = 72;
    public static final int SPAWN = 80;
    public static final int QUIT = 81;
    public static final int STOP = 82;
    public static final int KILL = 83;

    public static final int CALL = 96;
    public static final int REPLY = 112;

    private FrameType() {}
}
