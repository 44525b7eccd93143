package io.juwsgi.plugin.compress;

import java.io.IOException;
import java.io.OutputStream;

/** A way to compress. Thread-safe. */
interface Coding {

    /** Returns its name, as Content-Encoding has it. */
    String name();

    /**
     * Begins a body. What was written is in {@code compressed} after a flush; closing ends the body and frees what it held.
     *
     * @throws IOException when memory is short
     */
    OutputStream begin(OutputStream compressed) throws IOException;
}
