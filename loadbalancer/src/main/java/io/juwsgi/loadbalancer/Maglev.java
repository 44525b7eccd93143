package io.juwsgi.loadbalancer;

import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.balance.Selection;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The same endpoint for the same key, by a table that endpoints fill in turns, each in an order of its own (Eisenbud and
 * others 2016): shares are more even than on a ring, one look finds the endpoint, and few other keys move when one comes or
 * goes. Owned by one event loop.
 */
final class Maglev implements Balancer {
    /** Sizes of the table: primes, the first that has a hundred places for each unit of weight is taken. */
    private static final int[] SIZES = {1021, 4093, 16381, 65521, 262139};

    /** So many other places are looked at for a key whose endpoint cannot take it. */
    private static final int OTHER_PLACES = 16;

    private Endpoint[] members = {};
    private int[] table = {};

    @Override
    public void endpoints(List<Endpoint> endpoints) {
        members = endpoints.toArray(Endpoint[]::new);
        table = members.length == 0 ? new int[0] : filled(members);
    }

    private static int[] filled(Endpoint[] members) {
        int size = size(Arrays.stream(members).mapToLong(Endpoint::weight).sum());
        int[] table = new int[size];
        Arrays.fill(table, -1);
        int[] next = new int[members.length];
        int[] step = new int[members.length];
        double[] credit = new double[members.length];
        double heaviest =
                Arrays.stream(members).mapToInt(Endpoint::weight).max().orElse(1);
        for (int i = 0; i < members.length; i++) {
            next[i] = (int) Long.remainderUnsigned(Hashes.of(members[i].address(), 1), size);
            step[i] = (int) Long.remainderUnsigned(Hashes.of(members[i].address(), 2), size - 1) + 1;
        }
        for (int taken = 0; taken < size; ) {
            for (int i = 0; i < members.length && taken < size; i++) {
                credit[i] += members[i].weight() / heaviest;
                if (credit[i] >= 1) {
                    credit[i] -= 1;
                    while (table[next[i]] >= 0) {
                        next[i] = (next[i] + step[i]) % size;
                    }
                    table[next[i]] = i;
                    taken++;
                }
            }
        }
        return table;
    }

    private static int size(long weights) {
        for (int size : SIZES) {
            if (size >= weights * 100) {
                return size;
            }
        }
        return SIZES[SIZES.length - 1];
    }

    @Override
    public @Nullable Endpoint choose(Selection selection) {
        if (table.length == 0) {
            return null;
        }
        long key = selection.key();
        for (int i = 0; i < OTHER_PLACES; i++) {
            Endpoint one = members[table[(int) Long.remainderUnsigned(key, table.length)]];
            if (selection.allows(one)) {
                return one;
            }
            key = Hashes.mixed(key + 1);
        }
        int from = (int) Long.remainderUnsigned(key, members.length);
        for (int i = 0; i < members.length; i++) {
            Endpoint one = members[(from + i) % members.length];
            if (selection.allows(one)) {
                return one;
            }
        }
        return null;
    }
}
