package io.juwsgi.router.tls;

import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import java.util.List;
import java.util.stream.Stream;

/** The options of listeners that speak TLS. */
public final class TlsOptions {
    private static final String FORM = "ADDRESS[,CERT,KEY[,CIPHERS[,CLIENTCA]]]";

    public static final Option<List<String>> HTTPS = Option.list("https")
            .placeholder(FORM)
            .area("tls")
            .doc("serve HTTP over TLS; without files with what tls-certificate names, or a certificate for localhost");
    public static final Option<List<String>> HTTPS2 = Option.list("https2")
            .placeholder("addr=ADDRESS[,cert=FILE,key=FILE][,ciphers=NAMES][,client_ca=FILE]")
            .area("tls")
            .doc("serve HTTP over TLS, as https, with named parts");
    public static final Option<List<String>> HTTPS_SOCKET = Option.list("https-socket")
            .placeholder(FORM)
            .area("tls")
            .doc("serve HTTP over TLS, for use behind a proxy");
    public static final Option<List<String>> SUWSGI_SOCKET = Option.list("suwsgi-socket")
            .alias("ssl-socket")
            .placeholder(FORM)
            .area("tls")
            .doc("serve the uwsgi protocol over TLS");
    public static final Option<List<String>> HTTP_TO_HTTPS = Option.list("http-to-https")
            .placeholder("ADDRESS[,PORT]")
            .area("tls")
            .doc("send every HTTP request on ADDRESS to https (301), on PORT if it is named");
    public static final Option<Boolean> EXPORT_CERTIFICATE = Option.flag("https-export-cert")
            .area("tls")
            .doc("give the application the client's certificate: HTTPS_CC as PEM, HTTPS_CLIENT_CERTIFICATE as DER");
    public static final Option<Integer> HANDSHAKE_TIMEOUT = Option.integer("https-handshake-timeout", 10)
            .placeholder("SECONDS")
            .area("tls")
            .doc("seconds that a client may take from connecting to the end of the TLS handshake");

    private TlsOptions() {}

    /** Returns all of them, for the option registry. */
    public static List<Option<?>> all() {
        return List.of(
                HTTPS, HTTPS2, HTTPS_SOCKET, SUWSGI_SOCKET, HTTP_TO_HTTPS, EXPORT_CERTIFICATE, HANDSHAKE_TIMEOUT);
    }

    /** Returns whether a listener speaks TLS. */
    public static boolean wanted(Settings settings) {
        return Stream.of(HTTPS, HTTPS2, HTTPS_SOCKET, SUWSGI_SOCKET).anyMatch(settings::has);
    }
}
