package io.juwsgi.loadbalancer.subscription;

import io.juwsgi.config.Option;
import java.util.List;
import java.util.Optional;

/** uWSGI's options for both sides of a subscription. */
final class SubscriptionOptions {
    static final Option<Integer> TOLERANCE = Option.integer("subscription-tolerance", 17)
            .placeholder("SECONDS")
            .area("lb")
            .doc("seconds after which a server that does not announce itself any more is left out");
    static final Option<Optional<String>> SIGN_CHECK = Option.text("subscriptions-sign-check")
            .placeholder("ALGORITHM:DIRECTORY")
            .area("lb")
            .doc("take only announcements that are signed with the key whose public part is DIRECTORY/KEY.pem");
    static final Option<Integer> SIGN_TOLERANCE = Option.integer("subscriptions-sign-check-tolerance", 86_400)
            .placeholder("SECONDS")
            .area("lb")
            .doc("how old a signed announcement may be");
    static final Option<List<String>> SUBSCRIBE_TO = Option.list("subscribe-to")
            .alias("subscribe")
            .alias("st")
            .placeholder("[ADDRESS=]SERVER:KEY[,MODIFIER1[,SIGN]]")
            .area("lb")
            .doc("announce this server's first socket, or ADDRESS, to a subscription server, for requests with KEY");
    static final Option<List<String>> SUBSCRIBE2 = Option.list("subscribe2")
            .placeholder("server=SERVER,key=KEY[,addr=ADDRESS][,weight=N][,modifier1=N][,modifier2=N][,sign=ALGO:FILE]")
            .area("lb")
            .doc("announce this server to a subscription server, with named parts");
    static final Option<Integer> FREQUENCY = Option.integer("subscribe-freq", 10)
            .placeholder("SECONDS")
            .area("lb")
            .doc("seconds between two announcements");

    static final Option<Boolean> START_UNSUBSCRIBED = Option.flag("start-unsubscribed")
            .area("lb")
            .doc("announce nothing until S in the master-fifo or juwsgi ctl subscribe resume");
    static final Option<Optional<String>> MODIFIER1 = Option.text("subscribe-with-modifier1")
            .placeholder("N")
            .area("lb")
            .doc("the modifier1 of all announcements, whatever they say themselves");
    static final Option<Integer> WEIGHT = Option.integer("weight", 1)
            .placeholder("N")
            .area("lb")
            .doc("this server's share of requests among those that announce the same key");
    static final Option<Optional<String>> AUTO_WEIGHT = Option.text("auto-weight")
            .placeholder("true")
            .area("lb")
            .doc("announce processes times threads as the weight");

    static final Option<List<String>> HTTP_RESUBSCRIBE = Option.list("http-resubscribe")
            .placeholder("ADDRESS")
            .area("lb")
            .doc("pass announcements that http-subscription-server takes on to this subscription server");
    static final Option<List<String>> FASTROUTER_RESUBSCRIBE = Option.list("fastrouter-resubscribe")
            .placeholder("ADDRESS")
            .area("lb")
            .doc("pass announcements that fastrouter-subscription-server takes on to this subscription server");
    static final Option<Optional<String>> FASTROUTER_RESUBSCRIBE_BIND = Option.text("fastrouter-resubscribe-bind")
            .placeholder("ADDRESS")
            .area("lb")
            .doc("the own UDP address from which announcements are passed on");

    private SubscriptionOptions() {}

    static List<Option<?>> all() {
        return List.of(
                TOLERANCE,
                SIGN_CHECK,
                SIGN_TOLERANCE,
                SUBSCRIBE_TO,
                SUBSCRIBE2,
                FREQUENCY,
                START_UNSUBSCRIBED,
                MODIFIER1,
                WEIGHT,
                AUTO_WEIGHT,
                HTTP_RESUBSCRIBE,
                FASTROUTER_RESUBSCRIBE,
                FASTROUTER_RESUBSCRIBE_BIND);
    }
}
