package io.juwsgi.processes;

import java.util.ArrayList;
import java.util.List;

/**
 * As whom a child runs; only root can choose that.
 *
 * @param uid a name or a number
 * @param gid a name or a number
 * @param groups further groups
 */
public record Identity(String uid, String gid, List<String> groups) {

    public Identity {
        groups = List.copyOf(groups);
    }

    /** Returns the arguments of setpriv(1). */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--reuid=" + uid, "--regid=" + gid));
        arguments.add(groups.isEmpty() ? "--clear-groups" : "--groups=" + String.join(",", groups));
        return arguments;
    }
}
