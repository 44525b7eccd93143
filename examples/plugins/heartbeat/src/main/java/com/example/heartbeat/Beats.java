package com.example.heartbeat;

import java.util.concurrent.atomic.LongAdder;

/** How many beats there were. Any thread may count and read. */
final class Beats {
    final LongAdder sent = new LongAdder();
    final LongAdder failed = new LongAdder();
}
