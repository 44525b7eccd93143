package io.juwsgi.loadbalancer.discovery;

import io.juwsgi.loadbalancer.discovery.Resource.Address;
import io.juwsgi.loadbalancer.discovery.Resource.Alias;
import io.juwsgi.loadbalancer.discovery.Resource.Data;
import io.juwsgi.loadbalancer.discovery.Resource.Kind;
import io.juwsgi.loadbalancer.discovery.Resource.Service;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the records of an answer. */
final class Resources {
    /** More records than this for one name are a mistake. */
    static final int MOST = 1000;

    private Resources() {}

    /**
     * Returns the records of the answer's own section, without those that are of no use here.
     *
     * @throws IOException when one of them cannot be true, or there are too many
     */
    static List<Resource> read(DnsResponse response) throws IOException {
        int count = response.count(DnsSection.ANSWER);
        if (count > MOST) {
            throw new IOException("answered with " + count + " records (expected: at most " + MOST + ")");
        }
        List<Resource> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Resource record = record(response.recordAt(DnsSection.ANSWER, i));
            if (record != null) {
                records.add(record);
            }
        }
        return records;
    }

    private static @Nullable Resource record(DnsRecord record) throws IOException {
        Kind kind = kind(record.type());
        if (kind == null || !(record instanceof DnsRawRecord raw) || record.dnsClass() != DnsRecord.CLASS_IN) {
            return null;
        }
        ByteBuf content = raw.content().duplicate();
        try {
            Data data = switch (kind) {
                case A -> address(content, 4);
                case AAAA -> address(content, 16);
                case CNAME -> new Alias(name(content, record));
                case SRV -> service(content, record);
            };
            return data == null
                    ? null
                    : new Resource(DomainName.canonical(record.name()), kind, record.timeToLive(), data);
        } catch (DecoderException | IndexOutOfBoundsException e) {
            throw bad(record);
        }
    }

    private static @Nullable Kind kind(DnsRecordType type) {
        if (type.equals(DnsRecordType.A)) {
            return Kind.A;
        }
        if (type.equals(DnsRecordType.AAAA)) {
            return Kind.AAAA;
        }
        if (type.equals(DnsRecordType.CNAME)) {
            return Kind.CNAME;
        }
        return type.equals(DnsRecordType.SRV) ? Kind.SRV : null;
    }

    /** An address that is nobody's, such as 0.0.0.0, is how some servers say that they know none. */
    private static @Nullable Data address(ByteBuf content, int length) throws IOException {
        byte[] bytes = new byte[length];
        if (content.readableBytes() != length) {
            throw new IndexOutOfBoundsException(content.readableBytes());
        }
        content.readBytes(bytes);
        InetAddress address = InetAddress.getByAddress(bytes);
        return address.isAnyLocalAddress() || address.isMulticastAddress() ? null : new Address(address);
    }

    private static Data service(ByteBuf content, DnsRecord record) throws IOException {
        int priority = content.readUnsignedShort();
        int weight = content.readUnsignedShort();
        int port = content.readUnsignedShort();
        return new Service(priority, weight, port, name(content, record));
    }

    private static String name(ByteBuf content, DnsRecord record) throws IOException {
        if (!content.isReadable()) {
            throw bad(record);
        }
        String name = DefaultDnsRecordDecoder.decodeName(content);
        if (name.equals(".")) {
            return "";
        }
        if (!DomainName.isOne(name)) {
            throw bad(record);
        }
        return DomainName.canonical(name);
    }

    private static IOException bad(DnsRecord record) {
        return new IOException(
                "answered with a bad " + record.type().name() + " record for " + DomainName.canonical(record.name()));
    }
}
