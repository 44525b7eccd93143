/**
 * The uwsgi packet: a {@link io.juwsgi.protocol.uwsgi.UwsgiHeader}, a block of variables that
 * {@link io.juwsgi.protocol.uwsgi.UwsgiVariables} reads and {@link io.juwsgi.protocol.uwsgi.UwsgiPacket} writes, then
 * the body, as long as the variable CONTENT_LENGTH says.
 */
package io.juwsgi.protocol.uwsgi;
