package io.juwsgi.loadbalancer.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.juwsgi.loadbalancer.discovery.Resource.Address;
import io.juwsgi.loadbalancer.discovery.Resource.Service;
import io.juwsgi.spi.balance.Member;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseDecoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers that a name server, or somebody in its place, may send. */
class DnsAnswerFuzzTest {
    private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 53);

    /** Whole messages, as they come by UDP. */
    @FuzzTest
    void messagesAreRefusedOrMakeMembers(byte[] bytes) throws Exception {
        EmbeddedChannel channel = new EmbeddedChannel(new DatagramDnsResponseDecoder());
        try {
            channel.writeInbound(new DatagramPacket(Unpooled.wrappedBuffer(bytes), SERVER, SERVER));
            DatagramDnsResponse response = channel.readInbound();
            if (response != null) {
                check(response);
                response.release();
            }
        } catch (DecoderException e) {
            // What is no message at all; the client waits on.
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    /** The content of one SRV record, in an answer that is right otherwise. */
    @FuzzTest
    void servicesAreRefusedOrMakeMembers(byte[] bytes) {
        DnsResponse response = new DefaultDnsResponse(1);
        response.addRecord(
                DnsSection.ANSWER,
                new DefaultDnsRawRecord("_uwsgi._tcp.test.", DnsRecordType.SRV, 1, Unpooled.wrappedBuffer(bytes)));
        check(response);
        response.release();
    }

    private static void check(DnsResponse response) {
        try {
            List<Service> services = new ArrayList<>();
            Map<String, List<InetAddress>> hosts = new HashMap<>();
            for (Resource record : Resources.read(response)) {
                assertThat(record.ttl()).isNotNegative();
                if (record.data() instanceof Service service) {
                    services.add(service);
                    hosts.computeIfAbsent(service.target(), host -> List.of(SERVER.getAddress()));
                    assertThat(service.target()).doesNotContain(" ", "\n", ":", "/");
                } else if (record.data() instanceof Address address) {
                    assertThat(ServiceMembers.address(address.address(), 1)).endsWith(":1");
                }
            }
            List<Member> members = ServiceMembers.of(services, hosts);
            assertThat(members.stream().map(Member::address)).doesNotHaveDuplicates();
        } catch (IOException e) {
            assertThat(e).hasMessageStartingWith("answered with ");
        }
    }
}
