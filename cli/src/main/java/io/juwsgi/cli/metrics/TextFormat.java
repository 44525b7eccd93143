package io.juwsgi.cli.metrics;

import io.juwsgi.cli.metrics.Family.Value;
import io.juwsgi.spi.metric.Histogram;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/** The texts that Prometheus and its like read: its own format 0.0.4, and OpenMetrics 1.0.0 for who asks for it. */
enum TextFormat {
    PROMETHEUS("text/plain; version=0.0.4; charset=utf-8"),
    OPENMETRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String contentType;

    TextFormat(String contentType) {
        this.contentType = contentType;
    }

    /** Returns the one that suits the Accept field of a request. */
    static TextFormat of(String accept) {
        return accept.contains("application/openmetrics-text") ? OPENMETRICS : PROMETHEUS;
    }

    String contentType() {
        return contentType;
    }

    /** Writes all families. */
    String write(List<Family> families) {
        StringBuilder out = new StringBuilder(16 * 1024);
        families.forEach(family -> write(out, family));
        if (this == OPENMETRICS) {
            out.append("# EOF\n");
        }
        return out.toString();
    }

    private void write(StringBuilder out, Family family) {
        String name = this == OPENMETRICS ? family.name() : family.sampleName();
        out.append("# HELP ").append(name).append(' ');
        escape(out, family.help(), this == OPENMETRICS);
        out.append('\n').append("# TYPE ").append(name).append(' ');
        out.append(family.type().name().toLowerCase(Locale.ROOT)).append('\n');
        family.samples().forEach((labels, value) -> {
            switch (value) {
                case Value.Whole(long number) ->
                    line(out, family, "", labels, "").append(number).append('\n');
                case Value.Real(double number) ->
                    line(out, family, "", labels, "").append(real(number)).append('\n');
                case Value.Spread(Histogram histogram) -> histogram(out, family, labels, histogram);
            }
        });
    }

    private static void histogram(StringBuilder out, Family family, List<String> labels, Histogram histogram) {
        long below = 0;
        for (int i = 0; i < histogram.counts().size(); i++) {
            below += histogram.counts().get(i);
            String bound =
                    i < histogram.bounds().size() ? plain(histogram.bounds().get(i)) : "+Inf";
            line(out, family, "_bucket", labels, bound).append(below).append('\n');
        }
        line(out, family, "_sum", labels, "").append(real(histogram.sum())).append('\n');
        line(out, family, "_count", labels, "").append(below).append('\n');
    }

    /** Begins a line, up to the space before the number. */
    private static StringBuilder line(
            StringBuilder out, Family family, String suffix, List<String> labels, String bound) {
        out.append(family.type() == Family.Type.HISTOGRAM ? family.name() + suffix : family.sampleName());
        char separator = '{';
        for (int i = 0; i < labels.size(); i++) {
            out.append(separator).append(family.labels().get(i)).append("=\"");
            escape(out, labels.get(i), true);
            out.append('"');
            separator = ',';
        }
        if (!bound.isEmpty()) {
            out.append(separator).append("le=\"").append(bound).append('"');
            separator = ',';
        }
        return out.append(separator == '{' ? " " : "} ");
    }

    private static void escape(StringBuilder out, String text, boolean quotes) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '"' -> out.append(quotes ? "\\\"" : "\"");
                default -> out.append(c);
            }
        }
    }

    private static String real(double number) {
        if (Double.isInfinite(number)) {
            return number > 0 ? "+Inf" : "-Inf";
        }
        return Double.toString(number);
    }

    /** Bounds are compared as text by who reads them: no exponents, and always a fraction. */
    private static String plain(double bound) {
        if (Double.isInfinite(bound)) {
            return real(bound);
        }
        String text = BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
        return text.contains(".") ? text : text + ".0";
    }
}
