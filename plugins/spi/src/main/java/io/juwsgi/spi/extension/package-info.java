/**
 * What all kinds of extensions have in common: an id, a record of settings, a factory, a life. Start at {@link
 * io.juwsgi.spi.extension.Extension}.
 */
package io.juwsgi.spi.extension;
