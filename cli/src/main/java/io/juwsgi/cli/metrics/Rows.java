package io.juwsgi.cli.metrics;

import io.juwsgi.cli.metrics.Family.Value;
import io.juwsgi.spi.metric.Histogram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Numbers as {@code juwsgi ctl metrics} tells them: a row each; of a histogram its count and sum. */
final class Rows {
    private final List<Map<String, Object>> rows = new ArrayList<>();

    /** Returns the rows of the families whose name contains {@code part}. */
    static List<Map<String, Object>> of(List<Family> families, String part) {
        Rows all = new Rows();
        families.stream().filter(family -> family.sampleName().contains(part)).forEach(all::add);
        return all.rows;
    }

    private void add(Family family) {
        family.samples().forEach((labels, value) -> {
            switch (value) {
                case Value.Whole(long number) -> row(family, "", labels, number);
                case Value.Real(double number) -> row(family, "", labels, number);
                case Value.Spread(Histogram histogram) -> {
                    row(family, "_count", labels, histogram.count());
                    row(family, "_sum", labels, histogram.sum());
                }
            }
        });
    }

    private void row(Family family, String suffix, List<String> values, Number number) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            labels.put(family.labels().get(i), values.get(i));
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", family.sampleName() + suffix);
        row.put("labels", labels);
        row.put("value", number);
        rows.add(row);
    }
}
