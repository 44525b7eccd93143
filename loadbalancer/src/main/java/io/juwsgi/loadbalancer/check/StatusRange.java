package io.juwsgi.loadbalancer.check;

import java.io.IOException;

/**
 * Which answers are good.
 *
 * @param lowest the lowest status of one
 * @param highest the highest
 */
record StatusRange(int lowest, int highest) {

    /**
     * Reads {@code 200-399}.
     *
     * @throws IllegalArgumentException when it has another form; the message says which is expected
     */
    static StatusRange parse(String text) {
        if (!text.matches("[1-5][0-9]{2}-[1-5][0-9]{2}")) {
            throw new IllegalArgumentException("status: " + text + " (expected: two numbers, such as 200-399)");
        }
        return new StatusRange(Integer.parseInt(text.substring(0, 3)), Integer.parseInt(text.substring(4)));
    }

    /**
     * Throws when an answer is not good.
     *
     * @param why what the server says of it; empty when it says nothing
     */
    void require(int status, String why) throws IOException {
        if (status < lowest || status > highest) {
            throw new IOException("answered " + status + (why.isEmpty() ? "" : ": " + why));
        }
    }
}
