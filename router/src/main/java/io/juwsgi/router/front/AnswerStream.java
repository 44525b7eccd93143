package io.juwsgi.router.front;

import io.juwsgi.router.exchange.ClientStream;
import io.juwsgi.router.exchange.FieldRules;
import io.juwsgi.router.exchange.Front;
import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Response;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/** An exchange's answer on its way to a plugin's front. Owned by the connection's event loop. */
final class AnswerStream implements ClientStream {
    private final PluggedConnection connection;
    private final AnswerQueue queue;
    private int headBytes;
    private int fieldCount;

    AnswerStream(PluggedConnection connection, AnswerQueue queue) {
        this.connection = connection;
        this.queue = queue;
    }

    @Override
    public Front front() {
        return connection.front();
    }

    @Override
    public LoopContext loop() {
        return connection.loop();
    }

    @Override
    public boolean head(Response head, boolean bodiless, long length, @Nullable ByteBuf content) {
        Fields fields = head.status() < 200 || head.status() > 999 || !FieldRules.isValue(head.reason())
                ? null
                : checked(head.fields());
        if (fields == null) {
            if (content != null) {
                content.release();
            }
            return false;
        }
        if (length >= 0) {
            fields.add("Content-Length", Long.toString(length));
        }
        fieldCount = fields.size();
        headBytes = size(fields);
        queue.head(new Response(head.status(), head.reason(), fields), bodiless ? 0 : length);
        if (content != null) {
            data(content);
        }
        return true;
    }

    private static @Nullable Fields checked(Fields given) {
        Fields fields = new Fields(given.size() + 1);
        for (int i = 0; i < given.size(); i++) {
            if (!FieldRules.concernsConnection(given.name(i))) {
                if (!FieldRules.isName(given.name(i)) || !FieldRules.isValue(given.value(i))) {
                    return null;
                }
                fields.add(given.name(i), given.value(i));
            }
        }
        return fields;
    }

    private static int size(Fields fields) {
        int size = 0;
        for (int i = 0; i < fields.size(); i++) {
            size += fields.name(i).length() + fields.value(i).length() + 4;
        }
        return size;
    }

    @Override
    public void data(ByteBuf bytes) {
        queue.data(ByteBufUtil.getBytes(bytes));
        bytes.release();
    }

    @Override
    public void file(FileRegion region, long count) {
        queue.file(region, count);
    }

    @Override
    public void end() {
        // What is the end, and whether something is missing, tells ended.
    }

    @Override
    public boolean writable() {
        return queue.hasRoom();
    }

    @Override
    public void requestFlush() {
        connection.commitSoon();
    }

    @Override
    public void ended(ServerExchange exchange, boolean cut) {
        queue.end(cut);
        connection.exchangeEnded();
    }

    @Override
    public int headBytes() {
        return headBytes;
    }

    @Override
    public int fieldCount() {
        return fieldCount;
    }
}
