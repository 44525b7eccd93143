/** What is stored, and under which key. Start at {@link io.juwsgi.cache.store.ResponseStore}. */
package io.juwsgi.cache.store;
