package io.juwsgi.plugin.cgi;

import io.juwsgi.spi.exchange.Fields;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The head of a script's response (RFC 3875 section 6.3).
 *
 * @param status 200 to 599
 * @param fields the header fields, without Status
 */
record CgiHead(int status, Fields fields) {

    /** The script's output does not begin with a head. */
    static final class BadHeadException extends Exception {
        private static final long serialVersionUID = 1;

        BadHeadException(String message) {
            super(message);
        }
    }

    /**
     * Reads a head with its empty line; lines end with LF or CR LF.
     *
     * @param limit the most bytes that it may have
     */
    static CgiHead read(InputStream in, int limit) throws IOException, BadHeadException {
        int status = 0;
        Fields fields = new Fields(8);
        StringBuilder line = new StringBuilder();
        int left = limit;
        while (true) {
            line.setLength(0);
            left -= line(in, line, left);
            if (line.isEmpty()) {
                break;
            }
            int colon = line.indexOf(":");
            if (colon < 1 || !isToken(line, colon)) {
                throw new BadHeadException("a line of the response's head is no field");
            }
            String name = line.substring(0, colon);
            String value = line.substring(colon + 1).strip();
            if (name.equalsIgnoreCase("status")) {
                status = status(value);
            } else {
                fields.add(name, value);
            }
        }
        if (status == 0 && fields.size() == 0) {
            throw new BadHeadException("the response's head is empty");
        }
        boolean redirects = status == 0 && fields.first("location") != null;
        return new CgiHead(status != 0 ? status : redirects ? 302 : 200, fields);
    }

    private static int line(InputStream in, StringBuilder line, int left) throws IOException, BadHeadException {
        for (int count = 1; count <= left; count++) {
            int b = in.read();
            if (b < 0) {
                throw new BadHeadException("the output ended inside the response's head");
            }
            if (b == '\n') {
                if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
                    line.setLength(line.length() - 1);
                }
                return count;
            }
            line.append((char) b);
        }
        throw new BadHeadException("the response's head is larger than cgi-buffer-size allows");
    }

    private static boolean isToken(StringBuilder line, int end) {
        for (int i = 0; i < end; i++) {
            char c = line.charAt(i);
            if (c <= ' ' || c >= 127 || "()<>@,;\\\"/[]?={}".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static int status(String value) throws BadHeadException {
        byte[] digits = value.substring(0, Math.min(3, value.length())).getBytes(StandardCharsets.ISO_8859_1);
        int status = 0;
        for (byte digit : digits) {
            status = digit >= '0' && digit <= '9' ? status * 10 + digit - '0' : -1000;
        }
        boolean ends = value.length() == 3 || (value.length() > 3 && value.charAt(3) == ' ');
        if (!ends || status < 200 || status > 599) {
            throw new BadHeadException("the Status is not 200 to 599");
        }
        return status;
    }
}
