package io.juwsgi.plugin.routing;

import io.juwsgi.spi.Plugin;
import io.juwsgi.testkit.contract.RouteWordsContract;
import java.util.Map;

/** All words of uWSGI's internal routing against the contract of the test kit. */
class RoutingContractTest extends RouteWordsContract {
    @Override
    protected Plugin plugin() {
        return new RoutingPlugin();
    }

    @Override
    protected Map<String, String> words() {
        return Map.ofEntries(
                Map.entry("goto", "end"),
                Map.entry("return", "204"),
                Map.entry("redirect", "/new"),
                Map.entry("redirect-permanent", "/new"),
                Map.entry("clearheaders", "200 OK"),
                Map.entry("addvar", "A=$1"),
                Map.entry("setmodifier1", "9"),
                Map.entry("setmodifier2", "1"),
                Map.entry("rewrite", "/x?y=z"),
                Map.entry("rewrite-last", "/x"),
                Map.entry("+", "N,2"),
                Map.entry("-", "N"),
                Map.entry("*", "N,2"),
                Map.entry("/", "N,0"),
                Map.entry("addheader", "X-A: $1"),
                Map.entry("delheader", "X-A"),
                Map.entry("expires", "unix=0,value=10"),
                Map.entry("static", "/nowhere/at/all"),
                Map.entry("static-next", "/etc/passwd"),
                Map.entry("file", "filename=/etc/passwd"),
                Map.entry("file-next", "filename=/nowhere"),
                Map.entry("basicauth", "Realm,user:word"),
                Map.entry("basicauth-next", "Realm,user:word"),
                Map.entry("logvar", "a=b"),
                Map.entry("equal", "a;b"),
                Map.entry("startswith", "a;b"),
                Map.entry("endswith", "a;b"),
                Map.entry("contains", "a;b"),
                Map.entry("regexp", "${PATH_INFO};^/(.)"),
                Map.entry("ishigher", "2;1"),
                Map.entry("islower", "2;1"),
                Map.entry("ishigherequal", "2;1"),
                Map.entry("islowerequal", "2;1"),
                Map.entry("ipv4in", "${REMOTE_ADDR};10.0.0.0/8"),
                Map.entry("ipv6in", "::1;::/0"),
                Map.entry("cookie", "id"),
                Map.entry("qs", "c"),
                Map.entry("mime", "PATH_INFO"),
                Map.entry("base64", "PATH_INFO"),
                Map.entry("hex", "PATH_INFO"),
                Map.entry("lower", "PATH_INFO"),
                Map.entry("upper", "PATH_INFO"),
                Map.entry("time", "unix"),
                Map.entry("httptime", "0"),
                Map.entry("uwsgi", "status"),
                Map.entry("proxyuwsgi", "127.0.0.1:1,0,0,$1"),
                Map.entry("upstream", "app"),
                Map.entry("http", "127.0.0.1:1,inner,/x?y=$1"));
    }
}
