package io.juwsgi.loadbalancer.discovery;

import io.juwsgi.loadbalancer.discovery.Resource.Kind;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks name servers, by UDP, and by TCP what does not fit: each question from a port of its own, which makes forged answers
 * hard to place. It remembers nothing. Has one event loop; any thread may ask, and waits for the answer.
 */
final class DnsClient implements AutoCloseable {
    /** Whoever has not answered by then is passed over for the next; all are asked twice. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final int ROUNDS = 2;

    /** What passes any network in one piece, since the DNS flag day of 2020. */
    private static final int LARGEST_DATAGRAM = 1232;

    private static final InetSocketAddress NOBODY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    /** Nobody has answered, which says nothing of the name. */
    static final class NoAnswerException extends IOException {
        private static final long serialVersionUID = 1;

        NoAnswerException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("juwsgi-dns", true), NioIoHandler.newFactory());
    private final DnsNameResolver resolver;

    DnsClient() {
        this.resolver = new DnsNameResolverBuilder(loops.next())
                .datagramChannelType(NioDatagramChannel.class)
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .socketChannelType(NioSocketChannel.class)
                // Whom to ask comes with each question; so the resolver reads no files of its own.
                .nameServerProvider(new SingletonDnsServerAddressStreamProvider(NOBODY))
                .queryTimeoutMillis(TIMEOUT.toMillis())
                .maxPayloadSize(LARGEST_DATAGRAM)
                .build();
    }

    /**
     * Asks one server after the other until one of them knows.
     *
     * @param name without a dot at its end
     * @return the records of the answer; none when the name has none, or is not there
     * @throws NoAnswerException when the last one does not answer
     * @throws IOException when nobody knows; the message says why
     */
    List<Resource> ask(List<InetSocketAddress> servers, String name, Kind kind) throws IOException {
        IOException last = new IOException("no name server");
        for (int round = 0; round < ROUNDS; round++) {
            for (InetSocketAddress server : servers) {
                try {
                    return ask(server, name, kind);
                } catch (InterruptedIOException e) {
                    throw e;
                } catch (IOException e) {
                    String why = name + " " + kind + ": name server " + server.getHostString() + " " + e.getMessage();
                    last = e instanceof NoAnswerException ? new NoAnswerException(why, e) : new IOException(why, e);
                }
            }
        }
        throw last;
    }

    private List<Resource> ask(InetSocketAddress server, String name, Kind kind) throws IOException {
        DnsQuestion question = new DefaultDnsQuestion(name, type(kind));
        AddressedEnvelope<DnsResponse, InetSocketAddress> answer = await(resolver.query(server, question));
        try {
            return read(answer.content());
        } finally {
            answer.release();
        }
    }

    private static DnsRecordType type(Kind kind) {
        return switch (kind) {
            case A -> DnsRecordType.A;
            case AAAA -> DnsRecordType.AAAA;
            case CNAME -> DnsRecordType.CNAME;
            case SRV -> DnsRecordType.SRV;
        };
    }

    private static List<Resource> read(DnsResponse response) throws IOException {
        DnsResponseCode code = response.code();
        if (code.equals(DnsResponseCode.NXDOMAIN)) {
            return List.of();
        }
        if (!code.equals(DnsResponseCode.NOERROR)) {
            throw new IOException("answered " + code);
        }
        if (response.isTruncated()) {
            throw new IOException("answered in part, and not at all by TCP");
        }
        return Resources.read(response);
    }

    private static <T> T await(Future<T> future) throws IOException {
        try {
            return future.get(2 * TIMEOUT.toMillis() + 1000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new NoAnswerException(reason(Objects.requireNonNullElse(e.getCause(), e)), e);
        } catch (TimeoutException e) {
            future.cancel(false);
            throw new NoAnswerException("did not answer in time", e);
        } catch (InterruptedException e) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private static String reason(Throwable cause) {
        if (cause instanceof DnsNameResolverTimeoutException) {
            return "did not answer in time";
        }
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return "cannot be asked: " + root.getMessage();
    }

    @Override
    public void close() {
        resolver.close();
        var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
