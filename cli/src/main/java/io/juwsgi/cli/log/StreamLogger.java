package io.juwsgi.cli.log;

import io.juwsgi.spi.log.LogLine;
import io.juwsgi.spi.log.Logger;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Writes lines to a stream that was open before: standard error, standard output. */
final class StreamLogger implements Logger {
    private final LineBuffer buffer;

    StreamLogger(OutputStream out) {
        this.buffer = new LineBuffer((bytes, length) -> {
            out.write(bytes, 0, length);
            out.flush();
        });
    }

    @Override
    public void write(List<LogLine> lines) throws IOException {
        buffer.clear();
        for (LogLine line : lines) {
            buffer.line(line.text());
        }
        buffer.flush();
    }
}
