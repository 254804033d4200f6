package dev.burstlet.app.measure;

import java.util.LinkedHashMap;
import java.util.Map;

/** The metrics of several nodes as one text: every family once, every sample with its node. */
public final class NodeTexts {
    private final Map<String, StringBuilder> families = new LinkedHashMap<>();

    /** Adds a node's text in the Prometheus format. */
    public void add(String node, String text) {
        StringBuilder family = new StringBuilder();
        for (String line : text.lines().toList()) {
            if (line.startsWith("# HELP ")) {
                int end = line.indexOf(' ', "# HELP ".length());
                String name = end < 0 ? line : line.substring(0, end);
                boolean known = families.containsKey(name);
                family = families.computeIfAbsent(name, _ -> new StringBuilder());
                if (!known) {
                    family.append(line).append('\n');
                }
            } else if (line.startsWith("# TYPE ")) {
                if (family.indexOf("# TYPE ") < 0) {
                    family.append(line).append('\n');
                }
            } else {
                family.append(labelled(line, node)).append('\n');
            }
        }
    }

    /** A sample that names its node already keeps that. */
    private static String labelled(String sample, String node) {
        int open = sample.indexOf('{');
        int space = sample.indexOf(' ');
        String label = "node=\"" + node + "\"";
        if (open < 0 || open > space) {
            return sample.substring(0, space) + '{' + label + '}' + sample.substring(space);
        }
        return sample.startsWith("{node=\"", open)
                ? sample
                : sample.substring(0, open + 1) + label + ',' + sample.substring(open + 1);
    }

    @Override
    public String toString() {
        return String.join("", families.values());
    }
}
