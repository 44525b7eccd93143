/** Frames of the worker link and the control protocol, as {@code docs/worker-link.md} describes them. */
package io.juwsgi.protocol.link;
