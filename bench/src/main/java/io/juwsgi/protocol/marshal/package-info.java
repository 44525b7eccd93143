/** Benches of the marshal writer. */
package io.juwsgi.protocol.marshal;
