/** Addresses, sockets and event loops: how listeners come to be. Start at {@link io.juwsgi.router.listener.Binder}. */
package io.juwsgi.router.listener;
