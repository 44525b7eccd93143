package io.juwsgi.loadbalancer;

/** Settings of what has none. */
record NoSettings() {}
