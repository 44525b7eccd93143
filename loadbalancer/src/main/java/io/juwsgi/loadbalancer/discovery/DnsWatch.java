package io.juwsgi.loadbalancer.discovery;

import io.juwsgi.loadbalancer.discovery.Names.Answer;
import io.juwsgi.loadbalancer.discovery.Names.Question;
import io.juwsgi.loadbalancer.discovery.Polling.Look;
import io.juwsgi.loadbalancer.discovery.Resource.Address;
import io.juwsgi.loadbalancer.discovery.Resource.Data;
import io.juwsgi.loadbalancer.discovery.Resource.Kind;
import io.juwsgi.loadbalancer.discovery.Resource.Service;
import io.juwsgi.spi.balance.Member;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Looks one target up, again and again. What name servers cannot say now is taken as they said it last; that a name has no
 * records any more is believed only after a while. Used by one thread.
 */
final class DnsWatch implements Polling.Source {
    /** For all questions of one look: a service may have many hosts whose name servers are down. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DnsTarget target;
    private final Supplier<Names> names;
    private final List<Kind> kinds;
    private final Duration hold;
    private final ExecutorService threads;

    /** What was heard in the last look. */
    private Map<Question, Answer> heard = Map.of();

    private List<Member> members = List.of();
    private boolean gone;
    private long goneSince;

    /**
     * Makes one that has not looked.
     *
     * @param names reads the system's files anew
     * @param six whether IPv6 addresses are of use
     * @param threads where several questions are asked at a time
     */
    DnsWatch(DnsTarget target, Supplier<Names> names, boolean six, Duration hold, ExecutorService threads) {
        this.target = target;
        this.names = names;
        this.kinds = six ? List.of(Kind.A, Kind.AAAA) : List.of(Kind.A);
        this.hold = hold;
        this.threads = threads;
    }

    @Override
    public Look look() throws IOException {
        Round round = new Round(names.get());
        List<Member> found = target.isService() ? services(round) : hosts(round);
        if (found.isEmpty() && !round.decidedly) {
            return nobody(round);
        }
        heard = round.heard;
        members = found;
        gone = false;
        return new Look(found, Duration.ofSeconds(round.ttl), round.trouble);
    }

    /** A name without records may be a mistake that is being put right, or a name server that lost its memory. */
    private Look nobody(Round round) throws IOException {
        if (!round.trouble.isEmpty()) {
            throw new IOException(round.trouble);
        }
        String what = target.name() + " has no " + (target.isService() ? "servers" : "addresses");
        long now = System.nanoTime();
        if (!gone) {
            gone = true;
            goneSince = now;
        }
        if (members.isEmpty() || now - goneSince < hold.toNanos()) {
            throw new IOException(members.isEmpty() ? what : what + " any more; they go in " + hold.toSeconds() + " s");
        }
        heard = Map.of();
        members = List.of();
        return new Look(List.of(), Duration.ZERO, what + " any more: no members");
    }

    private List<Member> hosts(Round round) throws IOException {
        return round.addresses(List.of(target.name()), true).getOrDefault(target.name(), List.of()).stream()
                .map(host -> ServiceMembers.address(host, target.port()))
                .distinct()
                .sorted()
                .map(Member::of)
                .toList();
    }

    private List<Member> services(Round round) throws IOException {
        List<Service> services = new ArrayList<>();
        Question question = new Question(target.name(), Kind.SRV, true);
        for (Data data : round.ask(List.of(question)).getOrDefault(question, List.of())) {
            if (data instanceof Service service
                    && service.port() > 0
                    && !service.target().isEmpty()) {
                services.add(service);
            } else if (data instanceof Service service && service.target().isEmpty()) {
                round.decidedly = true;
            } else {
                round.trouble(target.name() + " SRV: a server without a port is left out");
            }
        }
        List<String> hosts = services.stream().map(Service::target).distinct().toList();
        round.decidedly &= hosts.isEmpty();
        return ServiceMembers.of(services, round.addresses(hosts, false));
    }

    /** What one look hears. */
    private final class Round {
        private final Names from;
        private final Map<Question, Answer> heard = new HashMap<>();
        private long ttl = Integer.MAX_VALUE;
        private String trouble = "";
        /** Whether somebody says that there is nobody. */
        private boolean decidedly;

        Round(Names from) {
            this.from = from;
        }

        void trouble(String text) {
            trouble = trouble.isEmpty() ? text : trouble;
        }

        /** Returns the addresses of hosts by their names. */
        Map<String, List<InetAddress>> addresses(List<String> hosts, boolean search) throws IOException {
            List<Question> questions = new ArrayList<>();
            for (String host : hosts) {
                kinds.forEach(kind -> questions.add(new Question(host, kind, search)));
            }
            Map<String, List<InetAddress>> addresses = new HashMap<>();
            ask(questions).forEach((question, data) -> {
                List<InetAddress> of = addresses.computeIfAbsent(question.name(), name -> new ArrayList<>());
                data.forEach(one -> {
                    if (one instanceof Address address) {
                        of.add(address.address());
                    }
                });
            });
            return addresses;
        }

        /** Asks all at a time. */
        Map<Question, List<Data>> ask(List<Question> questions) throws IOException {
            List<Callable<Answer>> asking = new ArrayList<>();
            questions.forEach(question -> asking.add(() -> from.ask(question)));
            Map<Question, List<Data>> answers = new LinkedHashMap<>();
            try {
                List<Future<Answer>> futures = threads.invokeAll(asking, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                for (int i = 0; i < futures.size(); i++) {
                    answers.put(questions.get(i), hear(questions.get(i), futures.get(i)));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
            return answers;
        }

        private List<Data> hear(Question question, Future<Answer> future) throws InterruptedException {
            String failure;
            try {
                return hear(question, future.get());
            } catch (ExecutionException e) {
                failure = e.getCause() instanceof IOException known ? "" + known.getMessage() : "" + e.getCause();
            } catch (CancellationException e) {
                failure = question.name() + " " + question.kind() + ": no answer in time";
            }
            Answer before = DnsWatch.this.heard.get(question);
            trouble(before == null ? failure : failure + "; the last answer counts");
            return before == null ? List.of() : hear(question, before);
        }

        private List<Data> hear(Question question, Answer answer) {
            heard.put(question, answer);
            ttl = answer.data().isEmpty() ? ttl : Math.min(ttl, answer.ttl());
            return answer.data();
        }
    }
}
