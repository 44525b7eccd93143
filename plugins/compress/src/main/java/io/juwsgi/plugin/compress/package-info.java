/**
 * Compresses responses on their way. {@link io.juwsgi.plugin.compress.Policy} says which ones and how, {@link
 * io.juwsgi.plugin.compress.CompressingSink} does it, with a {@link io.juwsgi.plugin.compress.Coding}.
 */
package io.juwsgi.plugin.compress;
