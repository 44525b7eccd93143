/** The uwsgi protocol's front: packets to exchanges. Start at {@link io.juwsgi.router.uwsgi.UwsgiConnection}. */
package io.juwsgi.router.uwsgi;
