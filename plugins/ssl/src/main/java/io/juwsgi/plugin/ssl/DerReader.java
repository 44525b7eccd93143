package io.juwsgi.plugin.ssl;

import io.juwsgi.plugin.ssl.Pem.PemException;
import java.util.Arrays;

/** Takes values of DER apart, one after the other. Only lengths that are there are believed. */
final class DerReader {
    private final byte[] in;
    private final int end;
    private int at;

    DerReader(byte[] in) {
        this(in, 0, in.length);
    }

    private DerReader(byte[] in, int from, int end) {
        this.in = in;
        this.at = from;
        this.end = end;
    }

    /** Returns whether another value with this identifier octet comes next. */
    boolean next(int tag) {
        return at < end && (in[at] & 0xff) == tag;
    }

    /** Steps into the next value, which must have this identifier octet; this reader is then behind it. */
    DerReader inside(int tag) throws PemException {
        if (!next(tag)) {
            throw broken();
        }
        at++;
        int length = length();
        DerReader content = new DerReader(in, at, at + length);
        at += length;
        return content;
    }

    /** Steps over the next value, whatever it is. */
    void skip() throws PemException {
        if (at >= end) {
            throw broken();
        }
        inside(in[at] & 0xff);
    }

    /** Returns what has not been read. */
    byte[] rest() {
        return Arrays.copyOfRange(in, at, end);
    }

    private int length() throws PemException {
        int first = at < end ? in[at++] & 0xff : 0xff;
        int octets = first - 0x80;
        if (octets < 0) {
            return checked(first);
        }
        if (octets == 0 || octets > 3 || end - at < octets) {
            throw broken();
        }
        int length = 0;
        for (int i = 0; i < octets; i++) {
            length = length << 8 | (in[at++] & 0xff);
        }
        return checked(length);
    }

    private int checked(int length) throws PemException {
        if (length > end - at) {
            throw broken();
        }
        return length;
    }

    private static PemException broken() {
        return new PemException("the private key is damaged");
    }
}
